package dev.caravan.provider.openai;

import dev.caravan.provider.DialectContract;
import dev.caravan.provider.StreamForm;
import java.util.Map;

class OpenAiDialectTest extends DialectContract {

    OpenAiDialectTest() {
        super("openai", StreamForm.SSE, new OpenAiCodec());
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
