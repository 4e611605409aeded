package dev.caravan.provider.ollama;

import dev.caravan.provider.CompletionContract;
import dev.caravan.provider.StreamForm;
import dev.caravan.provider.openai.CompletionAsChat;
import java.util.Map;

class OllamaCompletionsTest extends CompletionContract {

    OllamaCompletionsTest() {
        super("ollama", StreamForm.NDJSON, new CompletionAsChat(new OllamaCodec()));
    }

    @Override
    protected String path(boolean stream) {
        return "/api/chat";
    }

    @Override
    protected Map<String, String> headers() {
        return Map.of("Authorization", "Bearer sk-secret");
    }
}
