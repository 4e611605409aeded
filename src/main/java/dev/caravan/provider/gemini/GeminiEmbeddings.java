package dev.caravan.provider.gemini;

import dev.caravan.chat.ChatError;
import dev.caravan.chat.ChatRequest;
import dev.caravan.provider.EncodedCall;
import dev.caravan.provider.HttpAnswer;
import dev.caravan.provider.HttpCall;
import dev.caravan.provider.openai.Asked;
import dev.caravan.provider.openai.AskedTexts;
import dev.caravan.provider.openai.EmbeddingCodec;
import dev.caravan.provider.openai.OpenAiForm;
import dev.caravan.provider.openai.VectorPlace;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks for vectors with {@code batchEmbedContents}. {@code taskType} and {@code title} may stand in a request under these
 * names.
 *
 * @see <a href="https://ai.google.dev/api/embeddings">the API</a>
 */
public final class GeminiEmbeddings extends EmbeddingCodec {

    /** More are refused with "at most 100 requests can be in one batch". */
    private static final int A_BATCH = 100;

    private static final List<String> OWN = List.of("taskType", "title");

    public GeminiEmbeddings() {
        super(new VectorPlace(List.of("embeddings"), "values", null, List.of("usageMetadata", "promptTokenCount")));
    }

    @Override
    public EncodedCall encode(ChatRequest request, String upstreamModel, @Nullable String apiKey) {
        var asked = new Asked(request, GeminiCodec.API);
        var texts = AskedTexts.take(request, asked);
        if (texts == null) {
            return EncodedCall.impossible("input", GeminiCodec.API + " takes text and no tokens.");
        }
        var model = upstreamModel.contains("/") ? upstreamModel : "models/" + upstreamModel;
        var same = OpenAiForm.object().put("model", model);
        var dimensions = asked.take("dimensions");
        if (!dimensions.isMissingNode()) {
            same.set("outputDimensionality", dimensions);
        }
        OWN.forEach(field -> asked.pass(field, same));
        var body = OpenAiForm.object();
        var requests = body.putArray("requests");
        for (var text : texts) {
            var one = requests.addObject().put("model", model);
            one.putObject("content").putArray("parts").addObject().put("text", text);
            one.setAll(same);
        }
        return new EncodedCall(
                new HttpCall(
                        GeminiCodec.path(upstreamModel, ":batchEmbedContents"),
                        apiKey == null ? Map.of() : Map.of("x-goog-api-key", apiKey),
                        OpenAiForm.bytes(body)),
                asked.leftOut());
    }

    @Override
    public int questionsAtOnce(String upstreamModel) {
        return A_BATCH;
    }

    @Override
    public ChatError error(String provider, HttpAnswer answer, @Nullable String apiKey) {
        return GeminiErrors.of(provider, answer, apiKey);
    }
}
