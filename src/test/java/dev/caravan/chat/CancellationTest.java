package dev.caravan.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.chat.Cancellation.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CancellationTest {

    private final Cancellation cancellation = new Cancellation();
    private final AtomicInteger runs = new AtomicInteger();

    @Test
    @DisplayName("F1 The first reason stands, and each abort runs once")
    void firstReason() {
        cancellation.onCancel(runs::incrementAndGet);

        assertThat(cancellation.reason()).isNull();
        assertThat(cancellation.cancel(Reason.DEADLINE)).isTrue();
        assertThat(cancellation.cancel(Reason.CLIENT_GONE)).isFalse();

        assertThat(cancellation.reason()).isEqualTo(Reason.DEADLINE);
        assertThat(runs).hasValue(1);
    }

    @Test
    @DisplayName("F1 An abort that comes too late runs at once; one whose registration is closed does not run")
    void lateAndClosed() {
        cancellation.onCancel(() -> runs.addAndGet(100)).close();
        cancellation.cancel(Reason.CLIENT_GONE);
        cancellation.onCancel(runs::incrementAndGet).close();

        assertThat(runs).hasValue(1);
    }

    @Test
    @DisplayName("F1 An abort may register another and close its own registration")
    void reentrant() {
        var registration = new ArrayList<Cancellation.Registration>();
        registration.add(cancellation.onCancel(() -> {
            registration.getFirst().close();
            cancellation.onCancel(runs::incrementAndGet);
        }));

        cancellation.cancel(Reason.DRAINING);

        assertThat(runs).hasValue(1);
    }

    @Test
    @DisplayName("F1 An abort that throws keeps none of the others from running")
    void throwing() {
        cancellation.onCancel(() -> {
            throw new IllegalStateException("a bug");
        });
        cancellation.onCancel(runs::incrementAndGet);

        assertThatThrownBy(() -> cancellation.cancel(Reason.DRAINING)).hasMessage("a bug");
        assertThat(runs).hasValue(1);
    }

    @Test
    @DisplayName("F1 Whoever registers while another cancels is told exactly once")
    void races() throws InterruptedException {
        for (var round = 0; round < 500; round++) {
            var raced = new Cancellation();
            var told = new AtomicInteger();
            var winners = new AtomicInteger();
            var start = new CountDownLatch(1);
            var threads = new ArrayList<Thread>();
            for (var i = 0; i < 4; i++) {
                threads.add(started(start, () -> raced.onCancel(told::incrementAndGet)));
                threads.add(started(start, () -> winners.addAndGet(raced.cancel(Reason.DEADLINE) ? 1 : 0)));
            }
            start.countDown();
            for (var thread : threads) {
                thread.join();
            }
            assertThat(List.of(told.get(), winners.get())).containsExactly(4, 1);
        }
    }

    @Test
    @DisplayName("F1 A pause ends at its end, or at once when the work is no longer wanted, before it or in it")
    void pauses() throws InterruptedException {
        assertThat(cancellation.pause(Duration.ofMillis(1))).isTrue();

        var wanted = new AtomicBoolean(true);
        var begun = new CountDownLatch(1);
        var pausing = started(begun, () -> wanted.set(cancellation.pause(Duration.ofHours(1))));
        begun.countDown();
        cancellation.cancel(Reason.CLIENT_GONE);
        pausing.join();

        assertThat(wanted).isFalse();
        assertThat(cancellation.pause(Duration.ofHours(1))).isFalse();
    }

    private static Thread started(CountDownLatch start, Runnable work) {
        return Thread.ofPlatform().start(() -> {
            try {
                start.await();
                work.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
