package dev.caravan.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class UsageOutboxTest {

    private final List<UsageEvent> events = IntStream.range(0, 6)
            .mapToObj(i -> UsageEvents.answered(Instant.now(), "m", "p", "k", "0"))
            .toList();

    @Test
    @DisplayName("F5 what could not be sent is taken again, first and in its order")
    void restoresToTheFront() {
        var outbox = new UsageOutbox();
        events.subList(0, 5).forEach(outbox::offer);

        var first = outbox.take(2);
        var second = outbox.take(2);
        outbox.offer(events.get(5));
        outbox.restore(second);
        outbox.restore(first);

        assertThat(outbox.size()).isEqualTo(6);
        assertThat(outbox.take(100)).isEqualTo(events);
        assertThat(outbox.take(100)).isEmpty();
        assertThat(outbox.size()).isZero();
    }

    @Test
    @DisplayName("F5 a full outbox drops what comes, counts it, and takes again when there is room")
    void dropsWhenFull() {
        var outbox = new UsageOutbox(3);
        events.subList(0, 5).forEach(outbox::offer);
        assertThat(outbox.dropped()).isEqualTo(2);

        var batch = outbox.take(1);
        outbox.offer(events.get(5));
        outbox.restore(batch);
        outbox.offer(events.get(5));

        assertThat(outbox.dropped()).isEqualTo(3);
        assertThat(outbox.take(10)).containsExactly(events.get(0), events.get(1), events.get(2), events.get(5));
    }

    @Test
    @DisplayName("F5 drops are warned of at most every ten seconds")
    void warnsNowAndThen(CapturedOutput output) {
        var nanos = new AtomicLong();
        var outbox = new UsageOutbox(1, nanos::get);
        events.forEach(outbox::offer);
        outbox.take(0);
        outbox.offer(events.get(0));
        nanos.addAndGet(Duration.ofSeconds(9).toNanos());
        outbox.take(0);
        assertThat(output).containsOnlyOnce("events were dropped").contains("5 usage events were dropped");

        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        outbox.take(0);
        assertThat(output).contains("1 usage events were dropped");
    }

    @Test
    @DisplayName("F5 many who offer and one who takes lose nothing and double nothing")
    void losesNothingBetweenThreads() throws InterruptedException {
        var outbox = new UsageOutbox();
        var threads = IntStream.range(0, 8)
                .mapToObj(t -> Thread.startVirtualThread(() -> IntStream.range(0, 1000)
                        .forEach(i -> outbox.offer(UsageEvents.answered(Instant.now(), "m", "p", "k", "0")))))
                .toList();
        var taken = new ArrayList<UUID>();
        while (threads.stream().anyMatch(Thread::isAlive) || outbox.size() > 0) {
            var batch = outbox.take(100);
            int sent = batch.size() / 2 + batch.size() % 2;
            outbox.restore(batch.subList(sent, batch.size()));
            batch.subList(0, sent).forEach(event -> taken.add(event.id()));
        }
        for (var thread : threads) {
            thread.join();
        }
        assertThat(taken).hasSize(8000);
        assertThat(new HashSet<>(taken)).hasSize(8000);
    }
}
