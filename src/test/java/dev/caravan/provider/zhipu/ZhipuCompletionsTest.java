package dev.caravan.provider.zhipu;

import dev.caravan.provider.CompletionContract;
import dev.caravan.provider.StreamForm;
import dev.caravan.provider.openai.CompletionAsChat;
import java.time.InstantSource;
import java.util.Map;

class ZhipuCompletionsTest extends CompletionContract {

    ZhipuCompletionsTest() {
        super("zhipu", StreamForm.SSE, new CompletionAsChat(new ZhipuCodec(InstantSource.system())));
    }

    @Override
    protected String path(boolean stream) {
        return "/chat/completions";
    }

    @Override
    protected Map<String, String> headers() {
        return Map.of("Authorization", "Bearer sk-secret");
    }
}
