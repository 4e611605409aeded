package dev.caravan.plan;

import dev.caravan.catalog.Deployment;
import dev.caravan.chat.ChatRequest;
import dev.caravan.provider.ProviderCodec;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A request that is asked many times at once, encoded once: however many calls there are, they hold one body between
 * them. Thread-safe.
 */
final class SharedWording {

    /** A call may hold a token that ends: parts that begin later than this after the first get another. */
    private static final Duration FRESH = Duration.ofMinutes(1);

    private record Encoded(Deployment deployment, long nanos, Worded worded) {

        boolean serves(Deployment asked) {
            return deployment.equals(asked) && System.nanoTime() - nanos < FRESH.toNanos();
        }
    }

    private final ChatRequest request;
    private @Nullable Encoded encoded;

    SharedWording(ChatRequest request) {
        this.request = request;
    }

    ChatRequest request() {
        return request;
    }

    /**
     * The request in the words of a model.
     *
     * @param deployment may have been changed since the last call; then the request is encoded again
     * @param codec speaks the dialect of that deployment's provider
     */
    synchronized Worded of(Deployment deployment, ProviderCodec codec) {
        var now = encoded;
        if (now == null || !now.serves(deployment)) {
            now = new Encoded(deployment, System.nanoTime(), Worded.of(request, deployment, codec));
            encoded = now;
        }
        return now.worded();
    }
}
