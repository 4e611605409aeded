package dev.caravan.usage;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where finished requests leave their event, until a route takes it to Kafka. Requests never wait here: when it is full, the
 * event is dropped and counted. Thread-safe.
 */
public final class UsageOutbox {

    /** How many events wait at most, unless told otherwise. */
    public static final int DEFAULT_CAPACITY = 100_000;

    private static final Logger log = LoggerFactory.getLogger(UsageOutbox.class);
    private static final long NANOS_BETWEEN_WARNINGS = TimeUnit.SECONDS.toNanos(10);

    private final int capacity;
    private final LongSupplier nanoTime;
    private final Queue<UsageEvent> offered = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final AtomicLong dropped = new AtomicLong();

    // guarded by this
    private final Deque<UsageEvent> returned = new ArrayDeque<>();
    private long droppedWhenWarned;
    private long nextWarning;

    public UsageOutbox() {
        this(DEFAULT_CAPACITY);
    }

    public UsageOutbox(int capacity) {
        this(capacity, System::nanoTime);
    }

    UsageOutbox(int capacity, LongSupplier nanoTime) {
        this.capacity = capacity;
        this.nanoTime = nanoTime;
        this.nextWarning = nanoTime.getAsLong();
    }

    /** Leaves an event; drops it when full. Neither waits nor does I/O: even the warning of a drop is left to {@link #take}. */
    public void offer(UsageEvent event) {
        if (size.incrementAndGet() > capacity) {
            size.decrementAndGet();
            dropped.incrementAndGet();
        } else {
            offered.add(event);
        }
    }

    /**
     * Takes the oldest events out, without waiting for any; warns, at most every 10 s, if some were dropped.
     *
     * @param max how many at most
     */
    public synchronized List<UsageEvent> take(int max) {
        warnOfDrops();
        var batch = new ArrayList<UsageEvent>(Math.min(max, Math.max(0, size.get())));
        while (batch.size() < max) {
            var next = returned.isEmpty() ? offered.poll() : returned.poll();
            if (next == null) {
                break;
            }
            batch.add(next);
        }
        size.addAndGet(-batch.size());
        return batch;
    }

    /** Puts back what was taken and could not be sent, before all others and in its order, even if that is more than fits. */
    public synchronized void restore(List<UsageEvent> batch) {
        batch.reversed().forEach(returned::addFirst);
        size.addAndGet(batch.size());
    }

    /** How many events wait. */
    public int size() {
        return size.get();
    }

    /** How many events were dropped since the start. */
    public long dropped() {
        return dropped.get();
    }

    private void warnOfDrops() {
        long now = nanoTime.getAsLong();
        long all = dropped.get();
        if (all > droppedWhenWarned && now - nextWarning >= 0) {
            log.warn("{} usage events were dropped: {} wait for Kafka already", all - droppedWhenWarned, capacity);
            droppedWhenWarned = all;
            nextWarning = now + NANOS_BETWEEN_WARNINGS;
        }
    }
}
