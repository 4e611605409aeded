package dev.caravan.provider.dashscope;

import dev.caravan.provider.EmbeddingContract;
import java.util.Map;

class DashScopeEmbeddingsTest extends EmbeddingContract {

    DashScopeEmbeddingsTest() {
        super("dashscope", new DashScopeEmbeddings());
    }

    @Override
    protected String path(boolean stream) {
        return "/services/embeddings/text-embedding/text-embedding";
    }

    @Override
    protected Map<String, String> headers() {
        return Map.of("Authorization", "Bearer sk-secret");
    }
}
