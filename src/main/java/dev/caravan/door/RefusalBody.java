package dev.caravan.door;

import dev.caravan.chat.ChatError;

/** Writes the JSON body of what the door itself refuses. Must be safe for many threads, and must not block. */
@FunctionalInterface
public interface RefusalBody {

    /**
     * The body, UTF-8 encoded; it is sent as {@code application/json}.
     *
     * @param error why the request is refused; its status is the response's
     * @param requestId the value of the response's {@code x-request-id}
     */
    byte[] of(ChatError error, String requestId);
}
