package dev.caravan.door;

import dev.caravan.chat.ChatError;

/** What came in on a connection and is to be answered in its turn. */
sealed interface Arrival {

    /** How many bytes of memory it holds, roughly. */
    int weight();

    /** A request that the handler answers. */
    record Complete(DoorRequest request) implements Arrival {
        private static final int HEAD = 1024;

        @Override
        public int weight() {
            return HEAD + request.body().length;
        }
    }

    /**
     * A request that the door refuses; whatever follows it on its connection is not understood any more.
     *
     * @param head whether it was a HEAD, so that no body may follow the refusal
     */
    record Refused(ChatError error, String requestId, boolean head) implements Arrival {
        @Override
        public int weight() {
            return 0;
        }
    }
}
