package dev.caravan.jobs;

import dev.caravan.chat.Cancellation;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who works on which request: within this process by memory, among all instances by rows in SQL. So each request is asked
 * by one at a time, and answered once. Its methods wait; they are for virtual threads. Thread-safe.
 */
public final class Claims implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Claims.class);

    /** How long the claims of an instance hold that shows no sign of life any more. */
    public static final Duration LEASE = Duration.ofSeconds(30);

    /** How often an instance shows one. */
    public static final Duration HEARTBEAT = Duration.ofSeconds(5);

    private static final Duration SLICE = Duration.ofMillis(500);

    private final ClaimStore store;
    private final String node;
    private final ClaimBatches batches;
    private final Map<UUID, CountDownLatch> alone = new ConcurrentHashMap<>();
    private final Map<UUID, UUID> published = Collections.synchronizedMap(new Remembered());
    private volatile long incarnation;

    /** The last ones, so that a request that comes very often needs no SQL each time. */
    private static final class Remembered extends LinkedHashMap<UUID, UUID> {

        private static final long serialVersionUID = 1;
        private static final int MOST = 20_000;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, UUID> eldest) {
            return size() > MOST;
        }
    }

    /**
     * Joins the instances; what this one had claimed before its start is free.
     *
     * @param node the name of this instance, the same at each start
     */
    public Claims(ClaimStore store, String node) {
        this.store = store;
        this.node = node;
        this.incarnation = store.join(node, LEASE);
        this.batches = new ClaimBatches(store, () -> incarnation);
    }

    /** Shows a sign of life; to be called every {@link #HEARTBEAT}. */
    public void renew() {
        if (!store.renew(incarnation, LEASE)) {
            incarnation = store.join(node, LEASE);
            LOG.error(
                    "Another instance has started under this one's name {}, perhaps on a copy of its data folder: what this one was asked before is now answered by either. Delete node.id in one of the folders.",
                    node);
        }
    }

    /**
     * Waits until nobody else of this process works on the request, for a while at most.
     *
     * @param stopping ends the wait
     * @return whether it is the caller's now, who then must {@link #leave} it
     */
    public boolean enter(UUID id, Duration patience, Cancellation stopping) {
        var mine = new CountDownLatch(1);
        var ends = System.nanoTime() + patience.toNanos();
        for (var other = alone.putIfAbsent(id, mine); other != null; other = alone.putIfAbsent(id, mine)) {
            var left = ends - System.nanoTime();
            if (left <= 0 || stopping.isCancelled() || !await(other, Math.min(left, SLICE.toNanos()))) {
                return false;
            }
        }
        return true;
    }

    /** Lets others of this process work on the request. */
    public void leave(UUID id) {
        var mine = alone.remove(id);
        if (mine != null) {
            mine.countDown();
        }
    }

    /** Whether it is known, without a look at the store, that the request was answered. */
    public boolean isPublished(UUID id, UUID content) {
        return content.equals(published.get(id));
    }

    /** Claims a request for this instance. */
    public Claim take(UUID id, UUID content, int round) {
        var claim = batches.take(new ClaimStore.Take(id, content, round));
        if (claim instanceof Claim.Over(var answered) && answered) {
            published.put(id, content);
        }
        return claim;
    }

    /** Stores an answer; null if the request belongs to somebody else by now, who answers it. */
    public @Nullable Long keep(UUID id, byte[] answer) {
        return batches.keep(new ClaimStore.Keep(id, answer));
    }

    /** Notes that the request is on the retry topic; false if it belongs to somebody else by now. */
    public boolean defer(UUID id, int round, int attempts, byte @Nullable [] usage) {
        return batches.defer(new ClaimStore.Defer(id, round, attempts, usage));
    }

    /** Notes that the answer is published. */
    public void mark(UUID id, UUID content, long responseId, boolean dead) {
        batches.mark(new ClaimStore.Mark(id, responseId, dead));
        if (!dead) {
            published.put(id, content); // a dead letter may be revived
        }
    }

    /** Ends the lease, so that other instances need not wait for it. */
    @Override
    public void close() {
        batches.close();
        try {
            store.leave(incarnation);
        } catch (RuntimeException e) {
            LOG.warn("The claims of this instance are free in {} s only: {}", LEASE.toSeconds(), e.toString());
        }
    }

    /** False if the thread is to end. */
    private static boolean await(CountDownLatch latch, long nanos) {
        try {
            var unused = latch.await(nanos, TimeUnit.NANOSECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
