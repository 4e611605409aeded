package dev.caravan.camel;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import org.apache.camel.spi.ThreadPoolProfile;
import org.apache.camel.support.DefaultThreadPoolFactory;

/**
 * Camel's thread pools, but for those of schedulers: of virtual threads Camel makes them with no thread that stays, and
 * Java's own pool looks for work a hundred times a second then, each of them, though there is none. Thread-safe.
 */
public final class ScheduledPools extends DefaultThreadPoolFactory {

    @Override
    public ScheduledExecutorService newScheduledThreadPool(ThreadPoolProfile profile, ThreadFactory threads) {
        var pool = new ScheduledThreadPoolExecutor(Math.max(1, profile.getPoolSize()), threads);
        pool.setRemoveOnCancelPolicy(true);
        return pool;
    }
}
