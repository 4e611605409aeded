package dev.caravan.door;

import dev.caravan.chat.Cancellation;
import java.util.Map;

/**
 * How one request is answered: by {@link #send} at once, or by {@link #begin}, any number of {@link #write}s, and
 * {@link #end} or {@link #abort}. Used by one thread at a time; only {@link #cancellation} and {@link #abort} may be used
 * by any. Beginning or sending twice is an {@link IllegalStateException}. Once the client is gone nothing throws:
 * what is sent is dropped.
 */
public interface DoorReply {

    /**
     * Whether the answer is still wanted. The door cancels it with {@code CLIENT_GONE} the moment the client's connection
     * closes, and with {@code DRAINING} when a drain has waited long enough. It does so on an event loop: an abort
     * registered with it must not block.
     */
    Cancellation cancellation();

    /**
     * Sends the whole reply. The door adds {@code content-length} and {@code x-request-id}; it ignores the caller's
     * {@code content-length}, {@code transfer-encoding} and {@code connection}. The answer to a HEAD has no body.
     *
     * @param headers names with their values, without line breaks
     * @param body not copied, so not to be changed afterwards
     */
    void send(int status, Map<String, String> headers, byte[] body);

    /**
     * Starts a reply of unknown length and sends its head at once: chunked, or for HTTP/1.0 until the connection closes.
     *
     * @return false if the client is gone
     */
    boolean begin(int status, Map<String, String> headers);

    /**
     * Sends some bytes of a begun reply at once. Blocks the calling thread while the client reads too slowly,
     * unless the answer is not wanted any more.
     *
     * @param bytes copied, so free for use on return
     * @return false once the client is gone, or was waited for when {@link #cancellation} came: abort then
     */
    boolean write(byte[] bytes, int offset, int length);

    /**
     * The same without ever blocking: nothing is sent while the client has yet to read what it was sent before.
     *
     * @return false once the client is gone
     */
    boolean offer(byte[] bytes);

    /** Completes a begun reply. */
    void end();

    /** Closes the connection without completing the reply, so that the client knows that something is missing. */
    void abort();
}
