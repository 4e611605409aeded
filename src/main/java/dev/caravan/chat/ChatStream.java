package dev.caravan.chat;

/**
 * An answer that arrives in pieces. Read by one thread; {@link #close()} may come from any, and lets go of the provider
 * at once, however much of the answer is still to come.
 */
public interface ChatStream extends AutoCloseable {

    /** Waits for the next event. After {@code Done} or {@code Broken} it is given again. */
    StreamEvent next();

    @Override
    void close();
}
