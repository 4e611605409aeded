package dev.caravan.door;

import io.netty.channel.Channel;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Where the writer to a slow reader waits. Safe for use by many threads. */
final class Outlet {

    private final Channel channel;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    Outlet(Channel channel) {
        this.channel = channel;
    }

    /** Waits until the client has read enough of what it was sent; false if it is gone. */
    boolean await() {
        if (channel.isWritable()) {
            return true;
        }
        lock.lock();
        try {
            while (channel.isActive() && !channel.isWritable()) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
        return channel.isActive();
    }

    /** The client has read something, or left. */
    void changed() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
