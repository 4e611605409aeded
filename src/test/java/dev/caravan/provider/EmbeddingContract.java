package dev.caravan.provider;

import dev.caravan.chat.Operation;

/** What every dialect does with embeddings: {@code src/test/golden/DIALECT/embeddings}. There are no streams of them. */
public abstract class EmbeddingContract extends DialectContract {

    protected EmbeddingContract(String dialect, ProviderCodec codec) {
        super(dialect, Operation.EMBEDDING, StreamForm.SSE, codec);
    }

    /** No test here, for there is no stream. */
    @Override
    protected void wideCharacters() {}
}
