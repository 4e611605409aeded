package dev.caravan.door;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Who is inside a door: its open connections and the requests being handled. Safe for use by many threads. */
final class Traffic {

    private final Set<DoorChannel> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile boolean draining;

    void arrived(DoorChannel connection) {
        connections.add(connection);
    }

    void left(DoorChannel connection) {
        connections.remove(connection);
        tell();
    }

    void handling() {
        inFlight.incrementAndGet();
    }

    void handled() {
        inFlight.decrementAndGet();
        tell();
    }

    int inFlight() {
        return inFlight.get();
    }

    Set<DoorChannel> connections() {
        return connections;
    }

    boolean isDraining() {
        return draining;
    }

    void drain() {
        draining = true;
    }

    /**
     * Waits until all is handled and every connection is closed; only after {@link #drain}.
     *
     * @return false if the time ran out, or the thread was interrupted, before that
     */
    boolean awaitQuiet(Duration atMost) {
        long left = atMost.toNanos();
        lock.lock();
        try {
            while (inFlight.get() > 0 || !connections.isEmpty()) {
                if (left <= 0) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void tell() {
        if (!draining) {
            return;
        }
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
