package dev.caravan.usage;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where finished requests leave their event, until a route takes it to Kafka, in the order in which they came. They wait
 * in memory; while Kafka takes none, {@link #spill} moves them to disk. Requests never wait here: when memory is full, the
 * event is dropped and counted. Nothing touches the disk while Kafka is well. Thread-safe.
 *
 * <p>One batch at a time is on its way. What is on disk is older than what is in memory; the batch on its way is older
 * than either, or the head of what is on disk.
 */
public final class UsageOutbox implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(UsageOutbox.class);
    private static final long AWAY_AFTER = TimeUnit.SECONDS.toNanos(1);
    private static final long DISK_PAUSE = TimeUnit.SECONDS.toNanos(1);
    private static final int SPILLED_AT_ONCE = 500;

    /** Events on their way to Kafka; none, if there was nothing to take. */
    public static final class Batch {

        private final List<byte[]> values;
        private final Instant takenAt = Instant.now();
        private final long taken;

        // guarded by the outbox
        private boolean onDisk;

        private Batch(List<byte[]> values, boolean onDisk, long taken) {
            this.values = values;
            this.onDisk = onDisk;
            this.taken = taken;
        }

        /** The JSON of each event, oldest first. */
        public List<byte[]> values() {
            return values;
        }
    }

    private record OnDisk(int events, long bytes) {}

    private final int capacity;
    private final UsageSpool spool;
    private final LongSupplier nanoTime;
    private final Queue<UsageEvent> offered = new ConcurrentLinkedQueue<>();
    private final AtomicInteger inMemory = new AtomicInteger();
    private final Drops dropped;

    // written under the lock; who looks does not wait for the disk
    private volatile OnDisk onDisk;
    private volatile @Nullable Instant awaySince;

    // guarded by this
    private @Nullable Batch onItsWay;
    private @Nullable Batch returned;
    private boolean diskProblemTold;
    private long nextSpill;
    private long nextTake;

    /**
     * @param capacity how many events wait in memory at most
     * @param spool where they wait on disk; what it holds is sent first
     */
    public UsageOutbox(int capacity, UsageSpool spool) {
        this(capacity, spool, System::nanoTime);
    }

    UsageOutbox(int capacity, UsageSpool spool, LongSupplier nanoTime) {
        this.capacity = capacity;
        this.spool = spool;
        this.nanoTime = nanoTime;
        this.onDisk = new OnDisk(spool.events(), spool.bytes());
        this.nextSpill = nanoTime.getAsLong();
        this.nextTake = nextSpill;
        this.dropped = new Drops(nextSpill);
    }

    /** Leaves an event; drops it when memory is full. Neither waits nor does I/O: even the warning is left to {@link #spill}. */
    public void offer(UsageEvent event) {
        if (inMemory.incrementAndGet() > capacity) {
            inMemory.decrementAndGet();
            dropped.count();
        } else {
            offered.add(event);
        }
    }

    /** Whether there is something to {@link #take}. */
    public synchronized boolean waiting() {
        return waiting(1);
    }

    /** Whether there is something to {@link #take}, of what is in memory at least so many events. */
    public synchronized boolean waiting(int inMemoryAtLeast) {
        return onItsWay == null
                && nanoTime.getAsLong() - nextTake >= 0
                && (returned != null
                        || spool.pieces() > 0
                        || (!offered.isEmpty() && inMemory.get() >= inMemoryAtLeast));
    }

    /**
     * Takes the oldest events, without waiting for any. They are on their way until they were {@link #sent} or came back by
     * {@link #restore}; until then nobody takes any more.
     *
     * @param max how many are taken from memory at most
     */
    public synchronized Batch take(int max) {
        if (!waiting()) {
            return new Batch(List.of(), false, nanoTime.getAsLong());
        }
        var again = returned;
        var batch = again != null ? new Batch(again.values, false, nanoTime.getAsLong()) : fromDisk();
        returned = null;
        if (batch == null) {
            batch = fromMemory(max);
        } else if (batch.values.isEmpty()) {
            return batch; // what is newer waits behind what cannot be read just now
        }
        onItsWay = batch;
        return batch;
    }

    /** Kafka has a batch: its events are forgotten. */
    public synchronized void sent(Batch batch) {
        if (batch != onItsWay) {
            return;
        }
        onItsWay = null;
        if (batch.onDisk) {
            spool.removeFirst();
            countDisk();
        } else {
            inMemory.addAndGet(-batch.values.size());
        }
        diskProblemTold &= spool.pieces() > 0;
        var since = awaySince;
        if (since != null) {
            awaySince = null;
            LOG.info(
                    "Kafka takes usage events again, after {} s; {} wait on disk",
                    Duration.between(since, Instant.now()).toSeconds(),
                    spool.events());
        }
    }

    /**
     * Kafka did not take a batch: it is the first that is taken again.
     *
     * @param reason for the log
     */
    public synchronized void restore(Batch batch, String reason) {
        if (batch != onItsWay) {
            return;
        }
        onItsWay = null;
        if (!batch.onDisk) {
            returned = batch;
        }
        away(batch, reason);
    }

    /**
     * Moves what waits in memory to disk, if Kafka has taken nothing for a second, and as long as more than what is being
     * sent is there already; also when half of the memory is taken. What finds no room on disk stays in memory. Warns, at
     * most every 10 s, if events were dropped. Meant to be called several times a second.
     */
    public synchronized void spill() {
        var now = nanoTime.getAsLong();
        var sending = onItsWay;
        if (sending != null && now - sending.taken > AWAY_AFTER) {
            away(sending, "it does not answer");
        }
        if ((awaySince != null || spool.pieces() > 1 || inMemory.get() > capacity / 2) && now - nextSpill >= 0) {
            toDisk();
        }
        dropped.warn(LOG, now, backlog());
    }

    /** Moves everything to disk, for the next start. */
    @Override
    public synchronized void close() {
        toDisk();
        if (inMemory.get() > 0) {
            LOG.error("{} usage events could be neither published nor kept on disk and are lost", inMemory.get());
        }
        if (spool.events() > 0) {
            LOG.warn("{} usage events wait in {} for the next start", spool.events(), spool.folder());
        }
    }

    /** What waits, and for how long. Does not wait for anybody. */
    public Backlog backlog() {
        var disk = onDisk;
        return new Backlog(inMemory.get(), disk.events(), disk.bytes(), dropped.all(), awaySince);
    }

    private @Nullable Batch fromDisk() {
        while (spool.pieces() > 0) {
            var before = spool.events();
            try {
                return new Batch(spool.first(), true, nanoTime.getAsLong());
            } catch (NoSuchFileException e) {
                var file = spool.skipFirst();
                var lost = before - spool.events();
                dropped.countTold(lost);
                LOG.error("{} usage events are lost: their file {} is gone", lost, file);
                countDisk();
            } catch (IOException e) {
                if (!diskProblemTold) {
                    diskProblemTold = true;
                    LOG.error("Usage events in {} cannot be read just now and wait: {}", spool.folder(), e.toString());
                }
                nextTake = nanoTime.getAsLong() + DISK_PAUSE;
                return new Batch(List.of(), false, nanoTime.getAsLong());
            }
        }
        return null;
    }

    private Batch fromMemory(int max) {
        var values = new ArrayList<byte[]>();
        while (values.size() < max && offered.poll() instanceof UsageEvent event) {
            values.add(event.toJson());
        }
        return new Batch(values, false, nanoTime.getAsLong());
    }

    private void toDisk() {
        try {
            var room = headToDisk();
            while (room && !offered.isEmpty()) {
                room = nextToDisk();
            }
            if (!room) {
                diskProblem("they would take up more room than caravan.usage.max-on-disk");
            }
        } catch (IOException e) {
            diskProblem(e.toString());
        } finally {
            countDisk();
        }
    }

    private boolean headToDisk() throws IOException {
        var head = onItsWay != null ? onItsWay : returned;
        if (head == null || head.onDisk) {
            return true;
        }
        if (!spool.appendApart(head.values)) {
            return false;
        }
        head.onDisk = true;
        returned = null;
        inMemory.addAndGet(-head.values.size());
        return true;
    }

    private boolean nextToDisk() throws IOException {
        var next =
                offered.stream().limit(SPILLED_AT_ONCE).map(UsageEvent::toJson).toList();
        if (!spool.append(next)) {
            return false;
        }
        next.forEach(_ -> offered.remove());
        inMemory.addAndGet(-next.size());
        return true;
    }

    private void countDisk() {
        onDisk = new OnDisk(spool.events(), spool.bytes());
    }

    private void away(Batch batch, String reason) {
        if (awaySince == null) {
            awaySince = batch.takenAt;
            LOG.warn("Kafka takes no usage events, so they wait on disk: {}", reason);
        }
    }

    private void diskProblem(String reason) {
        nextSpill = nanoTime.getAsLong() + DISK_PAUSE;
        if (!diskProblemTold) {
            diskProblemTold = true;
            LOG.error(
                    "Usage events cannot be written to {}, so they wait in memory, at most {} of them: {}",
                    spool.folder(),
                    capacity,
                    reason);
        }
    }
}
