package dev.caravan.door;

/** What answers requests. Called by many virtual threads at once. */
@FunctionalInterface
public interface DoorHandler {

    /**
     * Answers one request, on a virtual thread of its own, which it may block. It must end the reply before it returns:
     * a throw, or a return without an end, is a bug that the door logs and answers with 500 {@code internal_error}, or,
     * where the reply has begun, by closing the connection.
     */
    void handle(DoorRequest request, DoorReply reply);
}
