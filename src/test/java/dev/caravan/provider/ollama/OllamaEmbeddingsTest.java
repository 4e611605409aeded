package dev.caravan.provider.ollama;

import dev.caravan.provider.EmbeddingContract;
import java.util.Map;

class OllamaEmbeddingsTest extends EmbeddingContract {

    OllamaEmbeddingsTest() {
        super("ollama", new OllamaEmbeddings());
    }

    @Override
    protected String path(boolean stream) {
        return "/api/embed";
    }

    @Override
    protected Map<String, String> headers() {
        return Map.of("Authorization", "Bearer sk-secret");
    }
}
