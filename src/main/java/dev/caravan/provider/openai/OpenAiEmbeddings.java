package dev.caravan.provider.openai;

import dev.caravan.chat.ChatError;
import dev.caravan.chat.ChatRequest;
import dev.caravan.chat.Extensions;
import dev.caravan.provider.EncodedCall;
import dev.caravan.provider.HttpAnswer;
import dev.caravan.provider.HttpCall;
import dev.caravan.provider.ProviderErrors;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks for vectors as OpenAI and its kin do. Fields that it does not know reach the provider as they came.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/embeddings/create">the fields</a>
 */
public final class OpenAiEmbeddings extends EmbeddingCodec {

    private static final String PATH = "/embeddings";

    public OpenAiEmbeddings() {
        super(VectorPlace.OPENAI);
    }

    @Override
    public EncodedCall encode(ChatRequest request, String upstreamModel, @Nullable String apiKey) {
        var body = request.source().edit().set("model", Json.quote(upstreamModel));
        Extensions.NAMES.forEach(body::remove);
        return new EncodedCall(new HttpCall(
                PATH, apiKey == null ? Map.of() : Map.of("Authorization", "Bearer " + apiKey), body.toBytes()));
    }

    /** There is a bound, and the provider says which. */
    @Override
    public int questionsAtOnce(String upstreamModel) {
        return Integer.MAX_VALUE;
    }

    @Override
    public ChatError error(String provider, HttpAnswer answer, @Nullable String apiKey) {
        return ProviderErrors.of(provider, answer, apiKey);
    }
}
