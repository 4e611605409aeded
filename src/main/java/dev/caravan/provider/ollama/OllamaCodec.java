package dev.caravan.provider.ollama;

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
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Speaks Ollama's chat, whose streams are lines of JSON; with a key it is Ollama's cloud that is asked.
 *
 * @see <a href="https://docs.ollama.com/api/chat">the fields</a>
 */
public final class OllamaCodec implements ProviderCodec {

    private static final String PATH = "/api/chat";

    @Override
    public EncodedCall encode(ChatRequest request, String upstreamModel, @Nullable String apiKey) {
        var encoded = new OllamaRequest(request);
        return new EncodedCall(
                new HttpCall(
                        PATH,
                        apiKey == null ? Map.of() : Map.of("Authorization", "Bearer " + apiKey),
                        OpenAiForm.bytes(encoded.body(upstreamModel, request.stream()))),
                encoded.unsupported());
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
        var answer = OpenAiForm.tree(body);
        if (answer != null && OllamaAnswer.isWhole(answer)) {
            return new Outcome.Answered(OpenAiForm.response(OllamaAnswer.completion(answer)));
        }
        var why = ProviderErrors.told(body, apiKey)
                .orElse(answer == null ? "it is not one JSON object." : "it holds no complete message.");
        return new Outcome.Failed(ProviderErrors.undecodable("The provider's answer is none of Ollama's: " + why));
    }

    @Override
    public EventReader events(ChatRequest request, InputStream body, @Nullable String apiKey) {
        return new OllamaEvents(body, apiKey);
    }

    @Override
    public ChatError error(String provider, HttpAnswer answer, @Nullable String apiKey) {
        return ProviderErrors.of(provider, answer, apiKey);
    }
}
