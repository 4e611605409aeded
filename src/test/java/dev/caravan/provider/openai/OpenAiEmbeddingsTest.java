package dev.caravan.provider.openai;

import dev.caravan.provider.EmbeddingContract;
import java.util.Map;

class OpenAiEmbeddingsTest extends EmbeddingContract {

    OpenAiEmbeddingsTest() {
        super("openai", new OpenAiEmbeddings());
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
