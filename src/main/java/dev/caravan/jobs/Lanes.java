package dev.caravan.jobs;

import dev.caravan.chat.Cancellation;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How many jobs are asked at once: of all providers, and of each. One lane for each provider, so that those who wait for a
 * slow one are overtaken by those who want another. A provider that says 429 halves what its lane lets in and closes it for
 * the pause it asked for; each success opens it a little (additive increase, multiplicative decrease). Within a lane and
 * among all, higher priorities go first without starving lower ones. Thread-safe.
 */
public final class Lanes {

    /** Of those who wait, eight are let in with high priority for four with normal and one with low. */
    public enum Priority {
        HIGH(8),
        NORMAL(4),
        LOW(1);

        private final int weight;

        Priority(int weight) {
            this.weight = weight;
        }
    }

    private static final Duration LONGEST_WAIT = Duration.ofMillis(500);

    private static final class Waiter {
        private final CountDownLatch called = new CountDownLatch(1);
        private boolean in;
    }

    private final class Lane {

        private final Map<Priority, SequencedSet<Waiter>> waiting = new EnumMap<>(Priority.class);
        private int inside;
        private double limit = maxInLane;
        private long closedUntil = System.nanoTime();
        private long limitedAt = closedUntil;

        private Lane() {
            for (var priority : Priority.values()) {
                waiting.put(priority, new LinkedHashSet<>());
            }
        }

        private SequencedSet<Waiter> waiting(Priority priority) {
            return Objects.requireNonNull(waiting.get(priority));
        }

        private boolean takes(Priority priority, long now) {
            return inside < (int) limit
                    && now - closedUntil >= 0
                    && !waiting(priority).isEmpty();
        }
    }

    /** A place at a provider, to be left by exactly one of its methods. */
    public final class Place {

        private final Lane lane;
        private final long since = System.nanoTime();
        private boolean left;

        private Place(Lane lane) {
            this.lane = lane;
        }

        /** The provider has answered, well or badly. */
        public void leave() {
            synchronized (Lanes.this) {
                if (!left) {
                    lane.limit = Math.min(maxInLane, lane.limit + 1 / lane.limit);
                    free();
                }
            }
        }

        /** The provider asked to be left alone for a while. */
        public void leaveClosed(Duration pause) {
            synchronized (Lanes.this) {
                if (!left) {
                    var now = System.nanoTime();
                    // all who were inside at that moment hear the same, which counts once
                    if (since - lane.limitedAt > 0) {
                        lane.limit = Math.max(1, Math.min(lane.limit, lane.inside) / 2);
                        lane.limitedAt = now;
                    }
                    lane.closedUntil = Math.max(lane.closedUntil - now, pause.toNanos()) + now;
                    free();
                }
            }
        }

        private void free() {
            left = true;
            lane.inside--;
            inside--;
            call(System.nanoTime());
        }
    }

    private final int maxInside;
    private final int maxInLane;
    private final Map<String, Lane> lanes = new HashMap<>();
    private final Map<Priority, Integer> credits = new EnumMap<>(Priority.class);
    private int inside;

    /**
     * Empty lanes.
     *
     * @param maxInside how many may be asked at once
     * @param maxInLane and how many of one provider
     */
    public Lanes(int maxInside, int maxInLane) {
        this.maxInside = maxInside;
        this.maxInLane = maxInLane;
    }

    /**
     * Waits for a place, for a while at most.
     *
     * @param provider whose lane it is
     * @param stopping ends the wait
     * @return null if there was none
     */
    public @Nullable Place enter(String provider, Priority priority, Duration patience, Cancellation stopping) {
        var waiter = new Waiter();
        Lane lane;
        synchronized (this) {
            lane = lanes.computeIfAbsent(provider, _ -> new Lane());
            lane.waiting(priority).add(waiter);
            call(System.nanoTime());
        }
        var ends = System.nanoTime() + patience.toNanos();
        while (true) {
            long wait;
            synchronized (this) {
                var now = System.nanoTime();
                call(now);
                if (waiter.in) {
                    return new Place(lane);
                }
                if (stopping.isCancelled() || ends - now <= 0) {
                    lane.waiting(priority).remove(waiter);
                    return null;
                }
                wait = Math.min(Math.min(ends - now, LONGEST_WAIT.toNanos()), untilOpen(lane, now));
            }
            if (!await(waiter.called, wait)) {
                synchronized (this) {
                    lane.waiting(priority).remove(waiter);
                    return waiter.in ? new Place(lane) : null;
                }
            }
        }
    }

    /** How many are asked just now. */
    public synchronized int inside() {
        return inside;
    }

    /** How many a provider takes at once by now. */
    public synchronized int limit(String provider) {
        var lane = lanes.get(provider);
        return lane == null ? maxInLane : (int) lane.limit;
    }

    private static long untilOpen(Lane lane, long now) {
        var left = lane.closedUntil - now;
        return left > 0 ? left : Long.MAX_VALUE;
    }

    /** Lets in whoever can be. */
    private void call(long now) {
        while (inside < maxInside) {
            var priority = turn(now);
            if (priority == null) {
                return;
            }
            var lane = emptiest(priority, now);
            if (lane == null) {
                return;
            }
            var waiter = lane.waiting(priority).removeFirst();
            waiter.in = true;
            lane.inside++;
            inside++;
            waiter.called.countDown();
        }
    }

    /** Smooth weighted round robin among the priorities of which somebody could be let in. */
    private @Nullable Priority turn(long now) {
        Priority best = null;
        var all = 0;
        for (var priority : Priority.values()) {
            if (emptiest(priority, now) != null) {
                all += priority.weight;
                int credit = credits.merge(priority, priority.weight, Integer::sum);
                if (best == null || credit > credits.getOrDefault(best, 0)) {
                    best = priority;
                }
            } else {
                credits.put(priority, 0);
            }
        }
        if (best != null) {
            credits.merge(best, -all, Integer::sum);
        }
        return best;
    }

    private @Nullable Lane emptiest(Priority priority, long now) {
        Lane best = null;
        for (var lane : lanes.values()) {
            if (lane.takes(priority, now) && (best == null || lane.inside < best.inside)) {
                best = lane;
            }
        }
        return best;
    }

    private static boolean await(CountDownLatch called, long nanos) {
        try {
            var unused = called.await(nanos, TimeUnit.NANOSECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
