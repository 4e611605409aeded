package dev.caravan.camel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ScheduledPoolsTest {

    @Test
    @DisplayName(
            "A scheduler of virtual threads keeps one, which sleeps until something is due, and forgets what was called off")
    void keepsAThread() throws Exception {
        try (var camel = new DefaultCamelContext()) {
            camel.getExecutorServiceManager().setThreadPoolFactory(new ScheduledPools());
            var pool = camel.getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "test");
            var ran = new CountDownLatch(2);
            pool.scheduleWithFixedDelay(ran::countDown, 1, 1, TimeUnit.MILLISECONDS);
            assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();

            assertThat(pool).isInstanceOfSatisfying(ScheduledThreadPoolExecutor.class, java -> {
                assertThat(java.getCorePoolSize()).isEqualTo(1);
                assertThat(java.getRemoveOnCancelPolicy()).isTrue();
            });
        }
    }
}
