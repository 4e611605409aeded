package dev.caravan.provider.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonToken;
import dev.caravan.chat.ChatRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The prompts of a completion, or the texts that are to be embedded: a request may hold many. */
public final class Questions {

    private Questions() {}

    /** Each of them as JSON, as it was written: a string, or a list of tokens. */
    public static List<byte[]> of(ChatRequest request) {
        var field = request.operation().question();
        var asked = request.source()
                .value(field)
                .orElseThrow(() -> new IllegalStateException("no '" + field + "'"))
                .getBytes(UTF_8);
        if (asked[0] == '"') {
            return List.of(asked);
        }
        try {
            var elements = Json.elements(asked);
            return Json.token(elements.getFirst()) == JsonToken.VALUE_NUMBER_INT ? List.of(asked) : elements;
        } catch (IOException e) {
            throw new UncheckedIOException("a request that was read before", e);
        }
    }

    /** How many there are. */
    public static int count(ChatRequest request) {
        return of(request).size();
    }

    /** The text of one of them; null for tokens. */
    public static @Nullable String text(byte[] question) {
        try {
            return Json.text(question);
        } catch (IOException e) {
            throw new UncheckedIOException("a request that was read before", e);
        }
    }
}
