package dev.caravan.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RecordingLeakDetectorTest {

    @Test
    @DisplayName("A buffer that is lost is found, so that tests that find none prove something")
    void finds() {
        assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
        RecordingLeakDetector.assertNothingLost();
        loseOne();
        await().until(() -> {
            RecordingLeakDetector.look();
            return !RecordingLeakDetector.REPORTS.isEmpty();
        });
        RecordingLeakDetector.REPORTS.clear();
    }

    private static void loseOne() {
        ByteBuf lost = PooledByteBufAllocator.DEFAULT.heapBuffer(16);
        lost.writeByte(1);
    }
}
