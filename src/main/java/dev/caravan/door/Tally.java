package dev.caravan.door;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Counts whom a door has sent away, and tells the log of it in one line now and then: however many they are, they do not
 * fill a disk. Safe for use by many threads.
 */
final class Tally {

    private static final System.Logger LOG = System.getLogger(Door.class.getName());
    private static final long LINE_EVERY = Duration.ofSeconds(10).toNanos();

    private record Last(Objection objection, String requestId, String address) {}

    private final Map<RefusalReason, LongAdder> counts = Arrays.stream(RefusalReason.values())
            .collect(Collectors.toUnmodifiableMap(Function.identity(), _ -> new LongAdder()));
    private final long[] told = new long[RefusalReason.values().length];
    private final AtomicLong failureToldAt = new AtomicLong(System.nanoTime() - LINE_EVERY);
    private final LongAdder failures = new LongAdder();
    private long toldAt = System.nanoTime() - LINE_EVERY;
    private volatile @Nullable Last last;

    void count(RefusalReason reason) {
        counter(reason).increment();
    }

    void count(Objection objection, String requestId, String address) {
        count(objection.reason());
        last = new Last(objection, requestId, address);
    }

    long of(RefusalReason reason) {
        return counter(reason).sum();
    }

    private LongAdder counter(RefusalReason reason) {
        LongAdder counter = counts.get(reason);
        if (counter == null) {
            throw new IllegalStateException("no counter for " + reason);
        }
        return counter;
    }

    /** A connection failed by a bug of ours: told in full, but not more often than any other line. */
    void failed(Throwable bug) {
        long now = System.nanoTime();
        long before = failureToldAt.get();
        failures.increment();
        if (now - before >= LINE_EVERY && failureToldAt.compareAndSet(before, now)) {
            LOG.log(Level.ERROR, "A connection failed, the " + failures + ". since the start", bug);
        }
    }

    /** How many connections have failed by a bug. */
    long failures() {
        return failures.sum();
    }

    /** Writes the line if it is time and there is something to tell. For one thread. */
    void tell(long now) {
        if (now - toldAt < LINE_EVERY) {
            return;
        }
        StringBuilder line = new StringBuilder();
        for (RefusalReason reason : RefusalReason.values()) {
            long count = of(reason);
            long more = count - told[reason.ordinal()];
            if (more > 0) {
                told[reason.ordinal()] = count;
                line.append(line.isEmpty() ? "Refused at the door: " : ", ").append(reason.text());
                line.append(' ').append(more);
            }
        }
        if (line.isEmpty()) {
            return;
        }
        toldAt = now;
        Last example = last;
        last = null;
        if (example != null) {
            line.append("; the last was ")
                    .append(example.requestId())
                    .append(" from ")
                    .append(example.address());
            line.append(": ").append(example.objection().error().message());
        }
        LOG.log(Level.INFO, line.toString());
    }
}
