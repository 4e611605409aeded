package dev.caravan.provider.dashscope;

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
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Asks for vectors of text. {@code text_type} and {@code instruct} may stand in a request under these names.
 *
 * @see <a href="https://help.aliyun.com/en/model-studio/text-embedding-synchronous-api">the fields</a>
 */
public final class DashScopeEmbeddings extends EmbeddingCodec {

    private static final String API = "DashScope's API";
    private static final String PATH = "/services/embeddings/text-embedding/text-embedding";

    /** The first two generations take more texts at once, and have vectors of one length. */
    private static final Pattern EARLY = Pattern.compile("text-embedding-(async-)?v[12]");

    private static final int EARLY_BATCH = 25;
    private static final int A_BATCH = 10;

    private static final List<String> OWN = List.of("text_type", "instruct");

    public DashScopeEmbeddings() {
        super(new VectorPlace(
                List.of("output", "embeddings"), "embedding", "text_index", List.of("usage", "total_tokens")));
    }

    @Override
    public EncodedCall encode(ChatRequest request, String upstreamModel, @Nullable String apiKey) {
        var asked = new Asked(request, API);
        var texts = AskedTexts.take(request, asked);
        if (texts == null) {
            return EncodedCall.impossible("input", API + " takes text and no tokens.");
        }
        var body = OpenAiForm.object().put("model", upstreamModel);
        var list = body.putObject("input").putArray("texts");
        texts.forEach(list::add);
        var parameters = OpenAiForm.object();
        var dimensions = asked.take("dimensions");
        if (!dimensions.isMissingNode()) {
            if (isEarly(upstreamModel)) {
                asked.cannot("dimensions", "The vectors of '" + upstreamModel + "' have one length only.");
            } else {
                parameters.set("dimension", dimensions);
            }
        }
        OWN.forEach(field -> asked.pass(field, parameters));
        if (!parameters.isEmpty()) {
            body.set("parameters", parameters);
        }
        return new EncodedCall(
                new HttpCall(
                        PATH,
                        apiKey == null ? Map.of() : Map.of("Authorization", "Bearer " + apiKey),
                        OpenAiForm.bytes(body)),
                asked.leftOut());
    }

    @Override
    public int questionsAtOnce(String upstreamModel) {
        return isEarly(upstreamModel) ? EARLY_BATCH : A_BATCH;
    }

    @Override
    public ChatError error(String provider, HttpAnswer answer, @Nullable String apiKey) {
        return DashScopeErrors.of(provider, answer, apiKey);
    }

    private static boolean isEarly(String model) {
        return EARLY.matcher(model).matches();
    }
}
