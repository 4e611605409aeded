package dev.caravan.provider.gemini;

import dev.caravan.provider.DialectContract;
import dev.caravan.provider.StreamForm;
import java.util.Map;

class GeminiDialectTest extends DialectContract {

    GeminiDialectTest() {
        super("gemini", StreamForm.SSE, new GeminiCodec());
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
