package dev.caravan.provider.anthropic;

import dev.caravan.provider.CompletionContract;
import dev.caravan.provider.StreamForm;
import dev.caravan.provider.openai.CompletionAsChat;
import java.util.Map;

class AnthropicCompletionsTest extends CompletionContract {

    AnthropicCompletionsTest() {
        super("anthropic", StreamForm.SSE, new CompletionAsChat(new AnthropicCodec()));
    }

    @Override
    protected String path(boolean stream) {
        return "/v1/messages";
    }

    @Override
    protected Map<String, String> headers() {
        return Map.of("x-api-key", "sk-secret", "anthropic-version", "2023-06-01");
    }
}
