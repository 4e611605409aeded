package dev.caravan.door;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Remembers every leak that Netty finds in this JVM; the build makes it Netty's detector. */
public final class RecordingLeakDetector<T> extends ResourceLeakDetector<T> {

    static final Queue<String> REPORTS = new ConcurrentLinkedQueue<>();

    public RecordingLeakDetector(Class<?> resourceType, int samplingInterval) {
        super(resourceType, samplingInterval);
    }

    /** As older parts of Netty call it. */
    @SuppressWarnings({"deprecation", "unused"})
    public RecordingLeakDetector(Class<?> resourceType, int samplingInterval, long maxActive) {
        super(resourceType, samplingInterval, maxActive);
    }

    @Override
    protected void reportTracedLeak(String resourceType, String records) {
        REPORTS.add(resourceType + records);
        super.reportTracedLeak(resourceType, records);
    }

    @Override
    protected void reportUntracedLeak(String resourceType) {
        REPORTS.add(resourceType);
        super.reportUntracedLeak(resourceType);
    }

    /** Fails if any buffer has been lost so far. */
    static void assertNothingLost() {
        look();
        assertThat(REPORTS).as("buffers that nobody released").isEmpty();
    }

    /** Has the collector find what is lost, and Netty, which looks when it hands a buffer out, report that. */
    static void look() {
        System.gc();
        PooledByteBufAllocator.DEFAULT.directBuffer().release();
    }
}
