package dev.caravan.usage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class UsageOutboxTest {

    private static final long PLENTY = 1 << 30;

    private final List<UsageEvent> events = IntStream.range(0, 8)
            .mapToObj(i -> UsageEvents.answered(Instant.now(), "m", "p", "k", "0"))
            .toList();
    private final AtomicLong nanos = new AtomicLong();

    @TempDir
    private Path temp;

    @Test
    @DisplayName("F5 while Kafka is well nothing touches the disk, and what is being sent still counts as waiting")
    void stayInMemory() {
        var outbox = outbox(100, PLENTY);
        offer(outbox, 0, 5);

        var first = outbox.take(2);
        outbox.spill();
        assertThat(outbox.backlog()).isEqualTo(new Backlog(5, 0, 0, 0, null));
        assertThat(outbox.waiting()).as("one batch at a time").isFalse();
        assertThat(outbox.take(2).values()).isEmpty();
        outbox.sent(first);
        assertThat(texts(first)).isEqualTo(texts(0, 2));
        assertThat(outbox.backlog().inMemory()).isEqualTo(3);
        assertThat(outbox.waiting(3)).isTrue();
        assertThat(outbox.waiting(4)).as("a batch of four").isFalse();

        outbox.sent(outbox.take(100));
        assertThat(outbox.backlog()).isEqualTo(new Backlog(0, 0, 0, 0, null));
        assertThat(outbox.waiting()).isFalse();
        assertThat(spool()).doesNotExist();
    }

    @Test
    @DisplayName("F5 what could not be sent is taken again, first and in its order")
    void restoresToTheFront() {
        var outbox = outbox(100, 0);
        offer(outbox, 0, 5);

        outbox.restore(outbox.take(2), "no");
        offer(outbox, 5, 6);

        assertThat(drain(outbox)).isEqualTo(texts(0, 6));
    }

    @Test
    @DisplayName(
            "F5 when Kafka has not answered for a second, all goes to disk in its order, what is on its way included")
    void spills(CapturedOutput output) {
        var outbox = outbox(100, PLENTY);
        offer(outbox, 0, 4);
        var sending = outbox.take(2);
        pass(Duration.ofMillis(999));
        outbox.spill();
        assertThat(outbox.backlog().onDisk()).isZero();

        pass(Duration.ofMillis(2));
        outbox.spill();
        offer(outbox, 4, 6);
        outbox.spill();
        offer(outbox, 6, 7);

        var backlog = outbox.backlog();
        assertThat(backlog.inMemory()).isEqualTo(1);
        assertThat(backlog.onDisk()).isEqualTo(6);
        assertThat(backlog.onDiskBytes()).isPositive();
        assertThat(backlog.kafkaAwaySince()).isBetween(Instant.now().minusSeconds(60), Instant.now());
        assertThat(drain(another(outbox))).as("what a kill leaves").isEqualTo(texts(0, 6));

        outbox = outbox(100, PLENTY);
        offer(outbox, 0, 4);
        sending = outbox.take(2);
        pass(Duration.ofMillis(1001));
        outbox.spill();
        outbox.sent(sending);
        offer(outbox, 4, 6);
        assertThat(outbox.backlog().kafkaAwaySince()).isNull();
        assertThat(drain(outbox)).isEqualTo(texts(2, 6));
        assertThat(outbox.backlog()).isEqualTo(new Backlog(0, 0, 0, 0, null));
        assertThat(spool()).isEmptyDirectory();
        assertThat(output).contains("Kafka takes no usage events", "Kafka takes usage events again");
    }

    @Test
    @DisplayName("F5 what waits when the program stops is sent first by the next one")
    void outlivesTheProgram() {
        var outbox = outbox(100, PLENTY);
        offer(outbox, 0, 5);
        outbox.take(2);
        outbox.close();

        var next = outbox(100, PLENTY);
        offer(next, 5, 8);
        assertThat(next.backlog().waiting()).isEqualTo(8);
        assertThat(drain(next)).isEqualTo(texts(0, 8));
    }

    @Test
    @DisplayName(
            "F5 past the limits of disk and memory what comes is dropped, counted, and warned of every ten seconds")
    void dropsPastTheLimits(CapturedOutput output) {
        var outbox = outbox(2, lineLength() * 3);
        offer(outbox, 0, 2);
        outbox.restore(outbox.take(1), "away");
        outbox.spill();
        offer(outbox, 2, 6);
        outbox.spill();

        var backlog = outbox.backlog();
        assertThat(backlog.onDisk()).isEqualTo(2);
        assertThat(backlog.onDiskBytes()).isLessThanOrEqualTo(lineLength() * 3);
        assertThat(backlog.inMemory()).isEqualTo(2);
        assertThat(backlog.dropped()).isEqualTo(2);
        offer(outbox, 6, 7);
        pass(Duration.ofSeconds(9));
        outbox.spill();
        assertThat(output).containsOnlyOnce("events were dropped").contains("2 usage events were dropped");
        assertThat(output).containsOnlyOnce("caravan.usage.max-on-disk");
        pass(Duration.ofSeconds(1));
        outbox.spill();
        assertThat(output).contains("1 usage events were dropped");

        assertThat(drain(outbox)).isEqualTo(texts(0, 4));
        offer(outbox, 7, 8);
        assertThat(drain(outbox)).isEqualTo(texts(7, 8));
        assertThat(outbox.backlog().dropped()).isEqualTo(3);
    }

    @Test
    @DisplayName(
            "F5 while the disk cannot be written, events wait in memory; that is told once, and no more when it can")
    void unwritable(CapturedOutput output) throws IOException {
        Files.writeString(spool(), "a file where the folder should be");
        var outbox = outbox(3, PLENTY);
        offer(outbox, 0, 2);
        outbox.restore(outbox.take(1), "away");
        for (var i = 0; i < 5; i++) {
            outbox.spill();
            pass(Duration.ofSeconds(1));
        }
        assertThat(output).containsOnlyOnce("cannot be written");
        offer(outbox, 2, 4);
        assertThat(outbox.backlog().inMemory()).isEqualTo(3);
        assertThat(outbox.backlog().dropped()).isEqualTo(1);

        Files.delete(spool());
        outbox.spill();
        assertThat(outbox.backlog().inMemory()).isZero();
        assertThat(drain(outbox)).isEqualTo(texts(0, 3));
    }

    @Test
    @DisplayName("F5 a file that is gone stops nobody: its events count as dropped, the others follow")
    void fileGone(CapturedOutput output) throws IOException {
        var outbox = outbox(100, PLENTY);
        offer(outbox, 0, 3);
        outbox.restore(outbox.take(2), "away");
        outbox.spill();
        try (var files = Files.list(spool())) {
            Files.delete(files.sorted().toList().getFirst());
        }

        assertThat(drain(outbox)).isEqualTo(texts(2, 3));
        assertThat(outbox.backlog()).isEqualTo(new Backlog(0, 0, 0, 2, null));
        assertThat(output).containsOnlyOnce("2 usage events are lost");
    }

    @Test
    @DisplayName(
            "F5 a file that cannot be read just now is waited for, with all that is newer, and nothing is written over it")
    void fileUnreadable() throws IOException {
        var outbox = outbox(100, PLENTY);
        offer(outbox, 0, 2);
        outbox.restore(outbox.take(2), "away");
        outbox.spill();
        var file = spool().resolve("000000000000000001.events");
        var content = Files.readString(file);
        Files.delete(file);
        Files.createDirectory(file);
        assertThat(drain(outbox)).isEmpty();
        Files.delete(file);
        Files.writeString(file, content);

        offer(outbox, 2, 4);
        outbox.restore(outbox.take(1), "away");
        outbox.spill();

        assertThat(drain(outbox(100, PLENTY))).isEqualTo(texts(0, 4));
    }

    @Test
    @DisplayName("F5 half a memory of events goes to disk even if Kafka is only slow")
    void halfFull() {
        var outbox = outbox(8, PLENTY);
        offer(outbox, 0, 5);
        outbox.spill();

        assertThat(outbox.backlog().inMemory()).isZero();
        assertThat(outbox.backlog().onDisk()).isEqualTo(5);
        assertThat(outbox.backlog().kafkaAwaySince()).isNull();
    }

    @Test
    @DisplayName("F5 whatever Kafka does, and whoever asks at once: every event once, each thread's in its order")
    void manyThreads() throws InterruptedException {
        var outbox = new UsageOutbox(1_000_000, UsageSpool.open(spool(), PLENTY), () -> nanos.addAndGet(100_000_000));
        var threads = IntStream.range(0, 4)
                .mapToObj(t -> Thread.startVirtualThread(() -> IntStream.range(0, 2000)
                        .forEach(i ->
                                outbox.offer(UsageEvents.answered(Instant.ofEpochSecond(i), "m", "p", "k" + t, "0")))))
                .toList();
        var fate = new Random(7);
        var sent = new ArrayList<UsageEvent>();
        while (threads.stream().anyMatch(Thread::isAlive) || outbox.waiting()) {
            var batch = outbox.take(50);
            for (var spills = fate.nextInt(3); spills > 0; spills--) {
                outbox.spill();
            }
            if (fate.nextInt(4) == 0) {
                outbox.restore(batch, "fate");
            } else {
                batch.values().forEach(value -> sent.add(((Parsed.Valid<UsageEvent>) UsageEvent.parse(value)).value()));
                outbox.sent(batch);
            }
        }
        for (var thread : threads) {
            thread.join();
        }
        for (var t = 0; t < 4; t++) {
            var key = "k" + t;
            assertThat(sent.stream().filter(event -> event.key().equals(key)).map(event ->
                            (int) event.timestamp().getEpochSecond()))
                    .containsExactlyElementsOf(IntStream.range(0, 2000).boxed().toList());
        }
        assertThat(outbox.backlog().waiting()).isZero();
    }

    private Path spool() {
        return temp.resolve("spool");
    }

    private UsageOutbox outbox(int inMemory, long onDisk) {
        return new UsageOutbox(inMemory, UsageSpool.open(spool(), onDisk), nanos::get);
    }

    /** What another program finds on the disk of this one. */
    private UsageOutbox another(UsageOutbox one) {
        assertThat(one.backlog().onDisk()).isPositive();
        return outbox(100, PLENTY);
    }

    private void offer(UsageOutbox outbox, int from, int to) {
        events.subList(from, to).forEach(outbox::offer);
    }

    private void pass(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }

    private long lineLength() {
        return events.getFirst().toJson().length + 16L;
    }

    private static List<String> drain(UsageOutbox outbox) {
        var sent = new ArrayList<String>();
        while (outbox.waiting()) {
            var batch = outbox.take(2);
            sent.addAll(texts(batch));
            outbox.sent(batch);
        }
        return sent;
    }

    private List<String> texts(int from, int to) {
        return events.subList(from, to).stream()
                .map(event -> new String(event.toJson(), UTF_8))
                .toList();
    }

    private static List<String> texts(UsageOutbox.Batch batch) {
        return batch.values().stream().map(value -> new String(value, UTF_8)).toList();
    }
}
