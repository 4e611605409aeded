package dev.caravan.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.PoolArenaMetric;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocatorMetric;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Every pooled buffer that a test took is back when its doors are closed, and none of any kind was lost. */
final class NoLeaks implements BeforeEachCallback, AfterEachCallback, AfterAllCallback {

    private long before;

    @Override
    public void beforeEach(ExtensionContext context) {
        before = taken();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        awaitBack(before);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        RecordingLeakDetector.assertNothingLost();
    }

    static void awaitBack(long before) {
        await("buffers given back").untilAsserted(() -> assertThat(taken()).isEqualTo(before));
    }

    static long taken() {
        PooledByteBufAllocatorMetric pool = PooledByteBufAllocator.DEFAULT.metric();
        return Stream.concat(pool.directArenas().stream(), pool.heapArenas().stream())
                .mapToLong(PoolArenaMetric::numActiveAllocations)
                .sum();
    }
}
