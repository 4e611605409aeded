package dev.caravan.provider.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.caravan.chat.ChatChunk;
import dev.caravan.chat.ChatResponse;
import dev.caravan.chat.Operation;
import java.util.concurrent.ThreadLocalRandom;

/** Writes completions, and lists of embeddings, for Caravan's callers: as the provider gave them, with what the broker adds. */
public final class CompletionWriter {

    private static final byte[] EVENT = "data: ".getBytes(UTF_8);
    private static final byte[] EVENT_END = "\n\n".getBytes(UTF_8);

    private CompletionWriter() {}

    /** The id for a chat completion whose provider gave none. */
    public static String freshId() {
        return freshId(Operation.CHAT);
    }

    /** The id for an answer whose provider gave none. */
    public static String freshId(Operation operation) {
        var random = ThreadLocalRandom.current();
        return (operation == Operation.CHAT ? "chatcmpl-" : "cmpl-")
                + Long.toHexString(random.nextLong())
                + Long.toHexString(random.nextLong());
    }

    /**
     * A whole answer.
     *
     * @param operation what was asked; a list of embeddings has neither id nor time
     * @param id used where the provider gave none
     * @param model the name that the caller asked for
     * @param provider who answered
     * @param latencyMillis from the request's arrival until now
     */
    public static byte[] whole(
            Operation operation, ChatResponse response, String id, String model, String provider, long latencyMillis) {
        var body = response.source().edit();
        if (response.id().isEmpty() && operation != Operation.EMBEDDING) {
            body.set("id", Json.quote(id));
        }
        if (response.created() == 0 && operation != Operation.EMBEDDING) {
            body.set("created", String.valueOf(System.currentTimeMillis() / 1000));
        }
        return body.set(
                        "object",
                        switch (operation) {
                            case CHAT -> "\"chat.completion\"";
                            case COMPLETION -> "\"text_completion\"";
                            case EMBEDDING -> "\"list\"";
                        })
                .set("model", Json.quote(model))
                .set("provider", Json.quote(provider))
                .set("latency_ms", String.valueOf(latencyMillis))
                .toBytes();
    }

    /**
     * A chunk, as a server-sent event.
     *
     * @param operation what was asked
     * @param id the same for all chunks of an answer
     * @param showUsage whether the caller asked to see the usage
     */
    public static byte[] event(
            Operation operation, ChatChunk chunk, String id, String model, String provider, boolean showUsage) {
        var body = chunk.source()
                .edit()
                .set("id", Json.quote(id))
                .set("object", operation == Operation.CHAT ? "\"chat.completion.chunk\"" : "\"text_completion\"")
                .set("model", Json.quote(model))
                .set("provider", Json.quote(provider));
        if (!showUsage) {
            body.remove("usage");
        }
        return event(body.toBytes());
    }

    /** A server-sent event with this data, which holds no line feed of its own. */
    public static byte[] event(byte[] data) {
        var event = new byte[EVENT.length + data.length + EVENT_END.length];
        System.arraycopy(EVENT, 0, event, 0, EVENT.length);
        System.arraycopy(data, 0, event, EVENT.length, data.length);
        System.arraycopy(EVENT_END, 0, event, EVENT.length + data.length, EVENT_END.length);
        return event;
    }
}
