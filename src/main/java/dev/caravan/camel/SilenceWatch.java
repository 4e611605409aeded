package dev.caravan.camel;

import dev.caravan.plan.Deadlines;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ends a call whose provider says nothing for too long while somebody listens. A timeout on the socket would do the
 * same, but costs a virtual thread a timer for each time it waits: a tenth of what a whole request costs.
 */
final class SilenceWatch {

    private static final long NOBODY_LISTENS = Long.MIN_VALUE;

    private final Deadlines deadlines;
    private final Duration limit;
    private final Runnable abort;
    private final AtomicLong listeningSince = new AtomicLong(System.nanoTime());
    private volatile boolean tooLong;
    private volatile boolean over;
    private volatile Deadlines.Watch watch;

    /**
     * Begins to listen.
     *
     * @param abort wakes up whoever listens
     */
    SilenceWatch(Deadlines deadlines, Duration limit, Runnable abort) {
        this.deadlines = deadlines;
        this.limit = limit;
        this.abort = abort;
        this.watch = deadlines.after(limit, this::look);
    }

    /** Somebody waits for the provider from now on. */
    void listen() {
        listeningSince.setOpaque(System.nanoTime());
    }

    /** The provider has said something. */
    void heard() {
        listeningSince.setOpaque(NOBODY_LISTENS);
    }

    /** The call has ended. */
    void end() {
        over = true;
        watch.end();
    }

    /** Whether it was this watch that ended the call. */
    boolean tooLong() {
        return tooLong;
    }

    SocketTimeoutException failure() {
        return new SocketTimeoutException("nothing was heard for " + limit.toMillis() + " ms");
    }

    private void look() {
        var since = listeningSince.getOpaque();
        var left = since == NOBODY_LISTENS ? limit : limit.minusNanos(System.nanoTime() - since);
        if (over) {
            return;
        }
        if (left.isPositive()) {
            watch = deadlines.after(left, this::look);
            if (over) {
                watch.end();
            }
        } else {
            tooLong = true;
            abort.run();
        }
    }
}
