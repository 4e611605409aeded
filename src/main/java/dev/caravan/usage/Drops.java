package dev.caravan.usage;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;

/** Counts events that were given up, and tells of them now and then. Counting is thread-safe; telling is for one at a time. */
final class Drops {

    private static final long BETWEEN_WARNINGS = TimeUnit.SECONDS.toNanos(10);

    private final AtomicLong all = new AtomicLong();
    private long told;
    private long nextWarning;

    /** @param now as {@link System#nanoTime()} */
    Drops(long now) {
        this.nextWarning = now;
    }

    void count() {
        all.incrementAndGet();
    }

    /** Counts what the caller tells of himself. */
    void countTold(int events) {
        all.addAndGet(events);
        told += events;
    }

    long all() {
        return all.get();
    }

    /** Tells, at most every 10 s, how many were dropped since it was told last. */
    void warn(Logger log, long now, Backlog waiting) {
        var dropped = all.get();
        if (dropped > told && now - nextWarning >= 0) {
            log.warn(
                    "{} usage events were dropped: {} in memory and {} on disk wait for Kafka already",
                    dropped - told,
                    waiting.inMemory(),
                    waiting.onDisk());
            told = dropped;
            nextWarning = now + BETWEEN_WARNINGS;
        }
    }
}
