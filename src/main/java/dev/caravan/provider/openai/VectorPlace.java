package dev.caravan.provider.openai;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the answers of a dialect hold their vectors.
 *
 * @param list the path of their list
 * @param vector the member that is the vector, where the list holds objects; null where it holds the vectors themselves
 * @param index the member that tells which text it belongs to; null where that is told by the order
 * @param tokens the path of the count of tokens
 */
public record VectorPlace(
        List<String> list,
        @Nullable String vector,
        @Nullable String index,
        List<String> tokens) {

    /** OpenAI's, and that of whoever answers like it. */
    public static final VectorPlace OPENAI =
            new VectorPlace(List.of("data"), "embedding", "index", List.of("usage", "prompt_tokens"));

    public VectorPlace {
        list = List.copyOf(list);
        tokens = List.copyOf(tokens);
    }
}
