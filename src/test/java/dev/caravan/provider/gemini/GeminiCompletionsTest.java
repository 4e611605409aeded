package dev.caravan.provider.gemini;

import dev.caravan.provider.CompletionContract;
import dev.caravan.provider.StreamForm;
import dev.caravan.provider.openai.CompletionAsChat;
import java.util.Map;

class GeminiCompletionsTest extends CompletionContract {

    GeminiCompletionsTest() {
        super("gemini", StreamForm.SSE, new CompletionAsChat(new GeminiCodec()));
    }

    @Override
    protected String path(boolean stream) {
        return "/v1beta/models/upstream-model:" + (stream ? "streamGenerateContent?alt=sse" : "generateContent");
    }

    @Override
    protected Map<String, String> headers() {
        return Map.of("x-goog-api-key", "sk-secret");
    }
}
