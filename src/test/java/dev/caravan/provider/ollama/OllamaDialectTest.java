package dev.caravan.provider.ollama;

import dev.caravan.provider.DialectContract;
import dev.caravan.provider.StreamForm;
import java.util.Map;

class OllamaDialectTest extends DialectContract {

    OllamaDialectTest() {
        super("ollama", StreamForm.NDJSON, new OllamaCodec());
    }

    @Override
    protected String path(boolean stream) {
        return "/api/chat";
    }

    @Override
    protected Map<String, String> headers() {
        return Map.of("Authorization", "Bearer sk-secret");
    }

    @Override
    protected Map<String, String> never() {
        return Map.of(
                "several-choices", "one answer to one call",
                "refusal", "a refusal is told as content",
                "finish-content-filter", "no content filter",
                "stream-content-filter", "no content filter");
    }
}
