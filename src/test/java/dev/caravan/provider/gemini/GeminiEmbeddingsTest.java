package dev.caravan.provider.gemini;

import dev.caravan.provider.EmbeddingContract;
import java.util.Map;

class GeminiEmbeddingsTest extends EmbeddingContract {

    GeminiEmbeddingsTest() {
        super("gemini", new GeminiEmbeddings());
    }

    @Override
    protected String path(boolean stream) {
        return "/v1beta/models/upstream-model:batchEmbedContents";
    }

    @Override
    protected Map<String, String> headers() {
        return Map.of("x-goog-api-key", "sk-secret");
    }
}
