package dev.caravan.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.regex.Pattern;

/** What is new in every run, made the same in all: the present as {@code created}, and ids that a codec made up. */
final class Scrubbed {

    private static final Pattern MADE_UP = Pattern.compile("(call_|chatcmpl-|cmpl-)[0-9a-f]{12,32}\\b");
    private static final Pattern CREATED = Pattern.compile("\"created\":(\\d{10})\\b");
    private static final long LATELY = 600;

    private Scrubbed() {}

    static JsonNode of(JsonNode tree) {
        return GoldenFolder.parsed(of(tree.toString()).getBytes(UTF_8));
    }

    static String of(String json) {
        var ids = new LinkedHashMap<String, String>();
        var text = MADE_UP.matcher(json)
                .replaceAll(id -> ids.computeIfAbsent(id.group(), _ -> id.group(1) + "made_up_" + ids.size()));
        var now = System.currentTimeMillis() / 1000;
        return CREATED.matcher(text)
                .replaceAll(
                        created -> now - Long.parseLong(created.group(1)) < LATELY ? "\"created\":0" : created.group());
    }
}
