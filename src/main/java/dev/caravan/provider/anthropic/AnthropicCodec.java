package dev.caravan.provider.anthropic;

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
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Speaks Anthropic's Messages API.
 *
 * @see <a href="https://platform.claude.com/docs/en/api/messages">the API</a>
 */
public final class AnthropicCodec implements ProviderCodec {

    private static final String PATH = "/v1/messages";

    private static final Map<String, String> VERSION = Map.of("anthropic-version", "2023-06-01");

    @Override
    public EncodedCall encode(ChatRequest request, String upstreamModel, @Nullable String apiKey) {
        var headers = new HashMap<>(VERSION);
        if (apiKey != null) {
            headers.put("x-api-key", apiKey);
        }
        var messages = new MessagesRequest(request, upstreamModel);
        return new EncodedCall(new HttpCall(PATH, Map.copyOf(headers), messages.body()), messages.leftOut());
    }

    @Override
    public String fixedPath() {
        return PATH;
    }

    @Override
    public boolean answersMany() {
        return false;
    }

    @Override
    public Outcome decode(ChatRequest request, byte[] body, @Nullable String apiKey) {
        var message = OpenAiForm.tree(body);
        var completion = message == null ? null : MessageReader.completion(message);
        if (completion != null) {
            return new Outcome.Answered(OpenAiForm.response(completion));
        }
        var why = ProviderErrors.told(body, apiKey).orElse("it is not a JSON object with content and a stop reason.");
        return new Outcome.Failed(ProviderErrors.undecodable("The provider's answer is no message: " + why));
    }

    @Override
    public EventReader events(ChatRequest request, InputStream body, @Nullable String apiKey) {
        return new AnthropicEvents(body, apiKey);
    }

    @Override
    public ChatError error(String provider, HttpAnswer answer, @Nullable String apiKey) {
        return ProviderErrors.of(provider, answer, apiKey);
    }
}
