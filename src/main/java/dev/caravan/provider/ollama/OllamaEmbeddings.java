package dev.caravan.provider.ollama;

import dev.caravan.chat.ChatError;
import dev.caravan.chat.ChatRequest;
import dev.caravan.provider.EncodedCall;
import dev.caravan.provider.HttpAnswer;
import dev.caravan.provider.HttpCall;
import dev.caravan.provider.ProviderErrors;
import dev.caravan.provider.openai.Asked;
import dev.caravan.provider.openai.AskedTexts;
import dev.caravan.provider.openai.EmbeddingCodec;
import dev.caravan.provider.openai.OpenAiForm;
import dev.caravan.provider.openai.VectorPlace;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks Ollama for vectors, with {@code /api/embed}. {@code truncate}, {@code keep_alive} and {@code options} may stand in a
 * request under these names.
 *
 * @see <a href="https://docs.ollama.com/api/embed">the fields</a>
 */
public final class OllamaEmbeddings extends EmbeddingCodec {

    private static final String API = "Ollama's API";
    private static final String PATH = "/api/embed";
    private static final List<String> SAME = List.of("dimensions", "truncate", "keep_alive", "options");

    public OllamaEmbeddings() {
        super(new VectorPlace(List.of("embeddings"), null, null, List.of("prompt_eval_count")));
    }

    @Override
    public EncodedCall encode(ChatRequest request, String upstreamModel, @Nullable String apiKey) {
        var asked = new Asked(request, API);
        var texts = AskedTexts.take(request, asked);
        if (texts == null) {
            return EncodedCall.impossible("input", API + " takes text and no tokens.");
        }
        var body = OpenAiForm.object().put("model", upstreamModel);
        var list = body.putArray("input");
        texts.forEach(list::add);
        SAME.forEach(field -> asked.pass(field, body));
        return new EncodedCall(
                new HttpCall(
                        PATH,
                        apiKey == null ? Map.of() : Map.of("Authorization", "Bearer " + apiKey),
                        OpenAiForm.bytes(body)),
                asked.leftOut());
    }

    @Override
    public int questionsAtOnce(String upstreamModel) {
        return Integer.MAX_VALUE;
    }

    @Override
    public ChatError error(String provider, HttpAnswer answer, @Nullable String apiKey) {
        return ProviderErrors.of(provider, answer, apiKey);
    }
}
