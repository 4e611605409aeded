package dev.caravan.door;

import dev.caravan.chat.Cancellation;
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

    /** Waits until the client has read enough of what it was sent; false if it is gone, or {@code reply} was cancelled. */
    boolean await(Cancellation reply) {
        if (channel.isWritable()) {
            return true;
        }
        var registration = reply.onCancel(this::changed);
        lock.lock();
        try {
            while (channel.isActive() && !channel.isWritable()) {
                if (reply.isCancelled()) {
                    return false;
                }
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
            registration.close();
        }
        return channel.isActive();
    }

    /** The client has read something, or left, or is not to be waited for any more. */
    void changed() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
