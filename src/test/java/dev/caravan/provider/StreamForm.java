package dev.caravan.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.Map;

/** How a dialect frames the events of a stream, and what a server may write between them that means nothing. */
public enum StreamForm {
    SSE(".sse", "\n\n", ": keep-alive\n\n"),
    NDJSON(".ndjson", "\n", "\n");

    private final String kind;
    private final String eventEnd;
    private final String nothing;

    StreamForm(String kind, String eventEnd, String nothing) {
        this.kind = kind;
        this.eventEnd = eventEnd;
        this.nothing = nothing;
    }

    /** What the names of its golden files end in. */
    String kind() {
        return kind;
    }

    /** The same stream as other servers would write it, by what is different. */
    Map<String, byte[]> variants(byte[] stream) {
        var text = new String(stream, UTF_8);
        var variants = new LinkedHashMap<String, byte[]>();
        variants.put("CRLF", text.replace("\n", "\r\n").getBytes(UTF_8));
        variants.put("keep-alives", (nothing + text.replace(eventEnd, eventEnd + nothing)).getBytes(UTF_8));
        variants.put("no line end last", text.stripTrailing().getBytes(UTF_8));
        if (this == SSE) {
            variants.put("CR", text.replace("\n", "\r").getBytes(UTF_8));
            variants.put("byte order mark", ("\uFEFF" + text).getBytes(UTF_8));
            variants.put("comments", text.replace("data:", ": a comment\ndata:").getBytes(UTF_8));
        }
        return variants;
    }
}
