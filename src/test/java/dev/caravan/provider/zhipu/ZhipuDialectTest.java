package dev.caravan.provider.zhipu;

import dev.caravan.provider.DialectContract;
import dev.caravan.provider.StreamForm;
import java.time.InstantSource;
import java.util.Map;

class ZhipuDialectTest extends DialectContract {

    ZhipuDialectTest() {
        super("zhipu", StreamForm.SSE, new ZhipuCodec(InstantSource.system()));
    }

    @Override
    protected String path(boolean stream) {
        return "/chat/completions";
    }

    /** A key without a dot goes as it is. */
    @Override
    protected Map<String, String> headers() {
        return Map.of("Authorization", "Bearer sk-secret");
    }

    @Override
    protected Map<String, String> never() {
        return Map.of(
                "several-choices", "one answer to one call",
                "refusal", "a refusal is told as content");
    }
}
