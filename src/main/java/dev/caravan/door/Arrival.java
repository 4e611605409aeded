package dev.caravan.door;

import io.netty.handler.codec.http.HttpMessageDecoderResult;
import io.netty.handler.codec.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/** What came in on a connection and is to be answered in its turn. */
sealed interface Arrival {

    /** How many bytes of memory it holds, roughly. */
    int weight();

    /** A request that the handler answers. */
    record Complete(DoorRequest request) implements Arrival {
        private static final int HEAD = 1024;

        @Override
        public int weight() {
            int head = request.head().decoderResult() instanceof HttpMessageDecoderResult sizes ? sizes.totalSize() : 0;
            return HEAD + 2 * head + request.body().length;
        }
    }

    /**
     * A request that the door refuses; whatever follows it on its connection is not understood any more.
     *
     * @param request as far as it could be read
     */
    record Refused(
            Objection objection, String requestId, @Nullable HttpRequest request) implements Arrival {
        @Override
        public int weight() {
            return 0;
        }
    }
}
