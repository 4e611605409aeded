package dev.caravan.provider.dashscope;

import dev.caravan.provider.CompletionContract;
import dev.caravan.provider.StreamForm;
import dev.caravan.provider.openai.CompletionAsChat;
import java.util.Map;

class DashScopeCompletionsTest extends CompletionContract {

    DashScopeCompletionsTest() {
        super("dashscope", StreamForm.SSE, new CompletionAsChat(new DashScopeCodec()));
    }

    @Override
    protected String path(boolean stream) {
        return "/services/aigc/text-generation/generation";
    }

    @Override
    protected Map<String, String> headers() {
        return headers(false);
    }

    @Override
    protected Map<String, String> headers(boolean stream) {
        return stream
                ? Map.of("Authorization", "Bearer sk-secret", "X-DashScope-SSE", "enable")
                : Map.of("Authorization", "Bearer sk-secret");
    }
}
