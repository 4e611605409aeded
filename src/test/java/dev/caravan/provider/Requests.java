package dev.caravan.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.chat.ChatRequest;
import dev.caravan.provider.openai.ChatRequestReader;
import java.util.List;

/** Requests for tests of what golden files do not reach. */
public final class Requests {

    private Requests() {}

    /** A question with more fields, given as members of a JSON object. */
    public static ChatRequest with(String members) {
        var json = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]" + members + "}";
        return ((ChatRequestReader.Valid) ChatRequestReader.read(json.getBytes(UTF_8))).request();
    }

    /** The body of a call. */
    public static JsonNode body(EncodedCall encoded) {
        return GoldenFolder.parsed(encoded.call().body());
    }

    /** The fields that a call leaves out. */
    public static List<String> leftOut(EncodedCall encoded) {
        return encoded.unsupported().stream()
                .map(EncodedCall.Unsupported::field)
                .toList();
    }
}
