package dev.caravan.provider.openai;

import dev.caravan.chat.ChatError;
import dev.caravan.chat.ChatRequest;
import dev.caravan.provider.EncodedCall;
import dev.caravan.provider.HttpAnswer;
import dev.caravan.provider.ProviderErrors;
import org.jspecify.annotations.Nullable;

/** Stands for a vendor that has no embeddings: whoever asks for some is told so, and nobody is called. */
public final class NoEmbeddings extends EmbeddingCodec {

    private final String api;

    /** @param api whose it is, such as "Anthropic's API" */
    public NoEmbeddings(String api) {
        super(VectorPlace.OPENAI);
        this.api = api;
    }

    @Override
    public EncodedCall encode(ChatRequest request, String upstreamModel, @Nullable String apiKey) {
        return EncodedCall.impossible("model", api + " has no embeddings: ask a model of another provider.");
    }

    /** No number of texts is too many to be told. */
    @Override
    public int questionsAtOnce(String upstreamModel) {
        return Integer.MAX_VALUE;
    }

    @Override
    public ChatError error(String provider, HttpAnswer answer, @Nullable String apiKey) {
        return ProviderErrors.of(provider, answer, apiKey);
    }
}
