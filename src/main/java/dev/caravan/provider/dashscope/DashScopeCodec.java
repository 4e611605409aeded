package dev.caravan.provider.dashscope;

import dev.caravan.chat.ChatError;
import dev.caravan.chat.ChatRequest;
import dev.caravan.chat.Outcome;
import dev.caravan.provider.EncodedCall;
import dev.caravan.provider.HttpAnswer;
import dev.caravan.provider.HttpCall;
import dev.caravan.provider.ProviderCodec;
import dev.caravan.provider.ProviderErrors;
import dev.caravan.provider.openai.OpenAiForm;
import java.io.InputStream;
import java.util.HashMap;
import org.jspecify.annotations.Nullable;

/**
 * Speaks DashScope's text generation, and its multimodal generation where a request holds more than text or the model
 * knows no other.
 *
 * @see <a href="https://help.aliyun.com/en/model-studio/qwen-api-via-dashscope">the fields</a>
 */
public final class DashScopeCodec implements ProviderCodec {

    @Override
    public EncodedCall encode(ChatRequest request, String upstreamModel, @Nullable String apiKey) {
        var encoded = new DashScopeRequest(request, upstreamModel);
        var headers = new HashMap<String, String>();
        if (apiKey != null) {
            headers.put("Authorization", "Bearer " + apiKey);
        }
        if (request.stream()) {
            headers.put("X-DashScope-SSE", "enable");
        }
        var body = OpenAiForm.bytes(encoded.body());
        return new EncodedCall(new HttpCall(encoded.path(), headers, body), encoded.unsupported());
    }

    /** What holds more than text goes elsewhere. */
    @Override
    public @Nullable String fixedPath() {
        return null;
    }

    /** Few of the models can, and none with tools. */
    @Override
    public boolean answersMany() {
        return false;
    }

    @Override
    public Outcome decode(ChatRequest request, byte[] body, @Nullable String apiKey) {
        var answer = OpenAiForm.tree(body);
        var completion = answer == null ? null : DashScopeAnswer.completion(answer, request.model());
        if (completion != null) {
            return new Outcome.Answered(OpenAiForm.response(completion));
        }
        var why = ProviderErrors.told(body, apiKey)
                .orElse(answer == null ? "it is not one JSON object." : "it holds no answer.");
        return new Outcome.Failed(ProviderErrors.undecodable("The provider's answer is none of DashScope's: " + why));
    }

    @Override
    public EventReader events(ChatRequest request, InputStream body, @Nullable String apiKey) {
        return new DashScopeEvents(body, request.model(), apiKey);
    }

    @Override
    public ChatError error(String provider, HttpAnswer answer, @Nullable String apiKey) {
        return DashScopeErrors.of(provider, answer, apiKey);
    }
}
