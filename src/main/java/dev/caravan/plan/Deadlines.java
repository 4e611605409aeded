package dev.caravan.plan;

import io.netty.util.HashedWheelTimer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Watches over a great many deadlines, nearly all of which never come, at the price of a list entry each: one thread looks
 * at them as a wheel turns, so that what is due runs up to 50 ms late. What it runs must not block. Thread-safe.
 *
 * @see <a href="https://doi.org/10.1109/90.650142">Varghese and Lauck, Hashed and Hierarchical Timing Wheels</a>
 */
public final class Deadlines implements AutoCloseable {

    private static final Duration TICK = Duration.ofMillis(50);
    private static final int TICKS_A_TURN = 1024;

    private final HashedWheelTimer wheel = new HashedWheelTimer(
            Thread.ofPlatform().daemon().name("deadlines").factory(),
            TICK.toMillis(),
            TimeUnit.MILLISECONDS,
            TICKS_A_TURN,
            false);

    /** A deadline that is watched. */
    public interface Watch {

        /** It will not be missed any more: what was to run then is forgotten, unless it is running already. */
        void end();
    }

    /** Has something run after a while, unless the watch is ended before. */
    public Watch after(Duration delay, Runnable due) {
        var timeout = wheel.newTimeout(_ -> due.run(), delay.toNanos(), TimeUnit.NANOSECONDS);
        return timeout::cancel;
    }

    @Override
    public void close() {
        wheel.stop();
    }
}
