package dev.caravan.provider.zhipu;

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
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks Zhipu for vectors: OpenAI's form, but lists of numbers only.
 *
 * @see <a href="https://docs.bigmodel.cn/api-reference/模型-api/文本嵌入">the fields</a>
 */
final class ZhipuEmbeddings extends EmbeddingCodec {

    private static final String API = "Zhipu's API";
    private static final String PATH = "/embeddings";
    private static final int A_BATCH = 64;

    private final ZhipuCodec chat;

    /** @param chat makes the tokens, and knows what its errors mean */
    ZhipuEmbeddings(ZhipuCodec chat) {
        super(VectorPlace.OPENAI);
        this.chat = chat;
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
        asked.pass("dimensions", body);
        var token = chat.token(apiKey);
        return new EncodedCall(
                new HttpCall(
                        PATH,
                        token == null ? Map.of() : Map.of("Authorization", "Bearer " + token),
                        OpenAiForm.bytes(body)),
                asked.leftOut());
    }

    @Override
    public int questionsAtOnce(String upstreamModel) {
        return A_BATCH;
    }

    @Override
    public ChatError error(String provider, HttpAnswer answer, @Nullable String apiKey) {
        return chat.error(provider, answer, apiKey);
    }
}
