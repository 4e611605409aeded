package dev.caravan.provider.openai;

import dev.caravan.provider.CompletionContract;
import dev.caravan.provider.StreamForm;
import java.util.Map;

class OpenAiCompletionsTest extends CompletionContract {

    OpenAiCompletionsTest() {
        super("openai", StreamForm.SSE, OpenAiCodec.completions());
    }

    @Override
    protected String path(boolean stream) {
        return "/completions";
    }

    @Override
    protected Map<String, String> headers() {
        return Map.of("Authorization", "Bearer sk-secret");
    }
}
