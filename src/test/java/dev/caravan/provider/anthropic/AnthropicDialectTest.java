package dev.caravan.provider.anthropic;

import dev.caravan.provider.DialectContract;
import dev.caravan.provider.StreamForm;
import java.util.Map;

class AnthropicDialectTest extends DialectContract {

    AnthropicDialectTest() {
        super("anthropic", StreamForm.SSE, new AnthropicCodec());
    }

    @Override
    protected String path(boolean stream) {
        return "/v1/messages";
    }

    @Override
    protected Map<String, String> headers() {
        return Map.of("x-api-key", "sk-secret", "anthropic-version", "2023-06-01");
    }

    @Override
    protected Map<String, String> never() {
        return Map.of("several-choices", "The API gives one answer to a request.");
    }
}
