package dev.caravan.camel;

import dev.caravan.chat.StreamEvent;
import dev.caravan.plan.Deadlines;
import dev.caravan.provider.ProviderCodec;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Ends a call that takes too long: to its end, or where its answer is a stream to the first event, and from then on from
 * one event to the next. What counts is events of the answer, so that no provider stays by saying that it is still there;
 * while nobody waits for the next one, no time runs. A timeout on the socket would see bytes only, and costs a virtual
 * thread a timer for each time it waits: a tenth of what a whole request costs. Thread-safe.
 */
final class CallWatch {

    private static final long NOBODY_WAITS = Long.MIN_VALUE;

    private final Deadlines deadlines;
    private volatile Duration limit;
    private volatile long waitingSince;
    private volatile boolean tooLong;
    private Runnable abort = () -> {};
    private boolean over;
    private Deadlines.@Nullable Watch watch;

    /** @param limit how long the whole answer may take, or the first event of a stream */
    CallWatch(Deadlines deadlines, Duration limit) {
        this.deadlines = deadlines;
        this.limit = limit;
    }

    /**
     * The call begins.
     *
     * @param howToAbort wakes up whoever waits for the provider
     */
    synchronized void begin(Runnable howToAbort) {
        abort = howToAbort;
        waitingSince = System.nanoTime();
        watch = deadlines.after(limit, this::look);
    }

    /** The call has ended. */
    synchronized void end() {
        over = true;
        if (watch != null) {
            watch.end();
        }
    }

    /** Whether it was this watch that ended the call. */
    boolean tooLong() {
        return tooLong;
    }

    SocketTimeoutException failure() {
        return new SocketTimeoutException("nothing came for " + limit.toMillis() + " ms");
    }

    /**
     * The events of a stream, watched.
     *
     * @param idle how long it may take from one event to the next
     */
    ProviderCodec.EventReader watched(ProviderCodec.EventReader events, Duration idle) {
        return new ProviderCodec.EventReader() {
            private boolean begun;

            @Override
            public StreamEvent next() throws IOException {
                if (begun) {
                    waitingSince = System.nanoTime();
                }
                var event = events.next();
                waitingSince = NOBODY_WAITS;
                if (!begun) {
                    begun = true;
                    goOnWith(idle);
                }
                return event;
            }
        };
    }

    private synchronized void goOnWith(Duration idle) {
        var sooner = idle.compareTo(limit) < 0;
        limit = idle;
        if (sooner && !over && watch != null) {
            watch.end();
            watch = deadlines.after(idle, this::look);
        }
    }

    private void look() {
        if (isTooLong()) {
            abort.run();
        }
    }

    private synchronized boolean isTooLong() {
        if (over) {
            return false;
        }
        var since = waitingSince;
        var left = since == NOBODY_WAITS ? limit : limit.minusNanos(System.nanoTime() - since);
        if (left.isPositive()) {
            watch = deadlines.after(left, this::look);
            return false;
        }
        tooLong = true;
        return true;
    }
}
