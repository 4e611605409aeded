package dev.caravan.chat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whether a piece of work is still wanted. Whoever waits for something registers how to let go of it; nothing
 * interrupts threads. Safe for use by many threads.
 */
public final class Cancellation {

    /** Why work is no longer wanted. */
    public enum Reason {
        /** The client went away. */
        CLIENT_GONE,
        /** The request's time is up. */
        DEADLINE,
        /** The broker is stopping and has waited long enough. */
        DRAINING,
        /** The outcome does not depend on it any more. */
        NOT_NEEDED
    }

    /** An abort that is no longer to be run once this is closed. */
    public interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    private final List<Runnable> aborts = new ArrayList<>(2);
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private @Nullable Reason reason;

    /**
     * Runs every registered abort, once, on the calling thread; one that throws keeps none of the others from running.
     *
     * @return false if it was cancelled before
     */
    public boolean cancel(Reason why) {
        List<Runnable> toRun;
        synchronized (aborts) {
            if (reason != null) {
                return false;
            }
            reason = why;
            toRun = List.copyOf(aborts);
            aborts.clear();
        }
        cancelled.countDown();
        runAll(toRun);
        return true;
    }

    private static void runAll(List<Runnable> aborts) {
        RuntimeException bug = null;
        for (var abort : aborts) {
            try {
                abort.run();
            } catch (RuntimeException e) {
                if (bug == null) {
                    bug = e;
                } else {
                    bug.addSuppressed(e);
                }
            }
        }
        if (bug != null) {
            throw bug;
        }
    }

    /** Why it was cancelled; null while the work is wanted. */
    public @Nullable Reason reason() {
        synchronized (aborts) {
            return reason;
        }
    }

    public boolean isCancelled() {
        return reason() != null;
    }

    /**
     * Registers how to let go; runs it at once if it is too late. An abort must not block, and does no harm when what it
     * lets go of has just ended: it may already be on its way while its registration is closed.
     */
    public Registration onCancel(Runnable abort) {
        synchronized (aborts) {
            if (reason == null) {
                aborts.add(abort);
                return () -> {
                    synchronized (aborts) {
                        aborts.remove(abort);
                    }
                };
            }
        }
        abort.run();
        return () -> {};
    }

    /**
     * Waits, but not past the cancellation.
     *
     * @return whether the work is still wanted
     */
    public boolean pause(Duration duration) {
        try {
            return !cancelled.await(duration.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
