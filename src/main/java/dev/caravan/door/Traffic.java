package dev.caravan.door;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Who is inside a door: its open connections, the requests being handled, and the memory that their bodies hold. Safe for
 * use by many threads.
 */
final class Traffic {

    private final DoorLimits limits;
    private final Set<DoorChannel> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicLong held = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile boolean draining;

    Traffic(DoorLimits limits) {
        this.limits = limits;
    }

    /** Lets a connection in; how many are open with it. */
    int arrived(DoorChannel connection) {
        connections.add(connection);
        return open.incrementAndGet();
    }

    void left(DoorChannel connection) {
        if (connections.remove(connection)) {
            open.decrementAndGet();
        }
        tell();
    }

    /** Begins to handle a request if there is room for one more; if so, {@link #handled} is owed. */
    boolean handling() {
        if (inFlight.incrementAndGet() <= limits.inFlight()) {
            return true;
        }
        inFlight.decrementAndGet();
        return false;
    }

    /** Begins to handle a request that is spared the limit. */
    void handlingAnyhow() {
        inFlight.incrementAndGet();
    }

    void handled() {
        inFlight.decrementAndGet();
        tell();
    }

    /** Takes memory for a body if there is as much; if so, {@link #letGo} is owed. */
    boolean hold(int bytes) {
        if (held.addAndGet(bytes) <= limits.inFlightBytes()) {
            return true;
        }
        held.addAndGet(-bytes);
        return false;
    }

    void letGo(int bytes) {
        if (bytes != 0) {
            held.addAndGet(-bytes);
        }
    }

    long held() {
        return held.get();
    }

    int inFlight() {
        return inFlight.get();
    }

    int open() {
        return open.get();
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
