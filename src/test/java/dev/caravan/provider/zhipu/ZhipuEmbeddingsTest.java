package dev.caravan.provider.zhipu;

import dev.caravan.provider.EmbeddingContract;
import java.time.InstantSource;
import java.util.Map;

class ZhipuEmbeddingsTest extends EmbeddingContract {

    ZhipuEmbeddingsTest() {
        super("zhipu", new ZhipuCodec(InstantSource.system()).embeddings());
    }

    @Override
    protected String path(boolean stream) {
        return "/embeddings";
    }

    @Override
    protected Map<String, String> headers() {
        return Map.of("Authorization", "Bearer sk-secret");
    }
}
