package dev.caravan.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.jobs.OffsetWindow.Ticket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OffsetWindowTest {

    private static final TopicPartition P0 = new TopicPartition("t", 0);
    private static final TopicPartition P1 = new TopicPartition("t", 1);

    private final OffsetWindow window = new OffsetWindow(100, 1000);

    @Test
    @DisplayName("F4 the offset to commit is the lowest that is not finished")
    void followsTheLowestUnfinished() {
        var first = begin(P0, 10);
        var second = begin(P0, 11);
        var third = begin(P0, 14);

        assertThat(window.done(third)).isTrue();
        assertThat(committable()).isEmpty();
        window.done(first);
        assertThat(committable()).isEqualTo(Map.of(P0, 11L));
        window.done(second);
        assertThat(committable()).isEqualTo(Map.of(P0, 15L));
    }

    @Test
    @DisplayName("F4 an offset is to be committed until Kafka has taken it, and then no more")
    void remembersWhatIsCommitted() {
        window.done(begin(P0, 0));
        assertThat(committable()).isEqualTo(committable()).isEqualTo(Map.of(P0, 1L));
        window.committed(Map.of(P0, 1L, P1, 7L));
        assertThat(committable()).isEmpty();
    }

    @Test
    @DisplayName("F4 only the partitions of the asking consumer are committed")
    void tellsPartitionsApart() {
        window.done(begin(P0, 0));
        window.done(begin(P1, 5));
        assertThat(window.committable(List.of(P1))).isEqualTo(Map.of(P1, 6L));
    }

    @Test
    @DisplayName("F4 the window is full by count or by bytes, and has room again when work is done")
    void isBounded() {
        var byCount = new OffsetWindow(2, 1000);
        byCount.begin(P0, 0, 1);
        assertThat(byCount.full()).isFalse();
        byCount.begin(P1, 0, 1);
        assertThat(byCount.full()).isTrue();
        byCount.done(byCount.ticket("t", 0, 0));
        assertThat(byCount.full()).isFalse();

        window.begin(P0, 0, 999);
        assertThat(window.full()).isFalse();
        window.begin(P0, 1, 1);
        assertThat(window.full()).isTrue();
        assertThat(window.inFlightBytes()).isEqualTo(1000);
    }

    @Test
    @DisplayName("F4 what ends after its partition was revoked moves no offset, even if the partition has come back")
    void ignoresLateCompletions() {
        var late = begin(P0, 0);
        window.drop(List.of(P0));
        var again = begin(P0, 0);

        assertThat(window.done(late)).isFalse();
        assertThat(committable()).isEmpty();
        assertThat(window.done(again)).isTrue();
        assertThat(committable()).isEqualTo(Map.of(P0, 1L));
    }

    @Test
    @DisplayName("F4 of a revoked partition only running work counts against the bounds")
    void freesWhatWasNeverTaken() {
        var running = begin(P0, 0);
        window.begin(P0, 1, 10);
        window.drop(List.of(P0));
        assertThat(window.inFlight()).isEqualTo(1);
        window.done(running);
        assertThat(window.inFlight()).isZero();
        assertThat(window.inFlightBytes()).isZero();
    }

    @Test
    @DisplayName("F4 finishing twice counts once")
    void finishesOnce() {
        var ticket = begin(P0, 0);
        begin(P0, 1);
        assertThat(window.done(ticket)).isTrue();
        assertThat(window.done(ticket)).isFalse();
        assertThat(window.inFlight()).isEqualTo(1);
    }

    @Test
    @DisplayName("F4 a position that goes back starts the partition anew")
    void startsAnewWhenThePositionGoesBack() {
        var old = begin(P0, 50);
        var again = begin(P0, 3);
        window.done(old);
        assertThat(committable()).isEmpty();
        window.done(again);
        assertThat(committable()).isEqualTo(Map.of(P0, 4L));
    }

    @Test
    @DisplayName("F4 a record that was not let in has no ticket")
    void knowsItsRecords() {
        begin(P0, 0);
        assertThatThrownBy(() -> window.ticket("t", 0, 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Offset 1 of t-0");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34})
    @DisplayName("F4 whatever the order: never past an unfinished record, and at the end past all")
    void holdsInAnyOrder(long seed) {
        var random = new Random(seed);
        var wide = new OffsetWindow(10_000, Long.MAX_VALUE);
        var open = new ArrayList<Ticket>();
        var unfinished = new TreeSet<Long>();
        var offsets = new ArrayList<Long>();
        long next = random.nextInt(100);
        for (var step = 0; step < 5000; step++) {
            if (random.nextBoolean() || open.isEmpty()) {
                next += 1 + random.nextInt(3) / 2;
                wide.begin(P0, next, 1);
                open.add(wide.ticket("t", 0, next));
                unfinished.add(next);
                offsets.add(next);
            } else {
                var i = random.nextInt(open.size());
                Collections.swap(open, i, open.size() - 1);
                wide.done(open.removeLast());
                unfinished.remove(offsets.get(i));
                Collections.swap(offsets, i, offsets.size() - 1);
                offsets.removeLast();
            }
            var commit = wide.committable(List.of(P0));
            if (!commit.isEmpty()) {
                assertThat(commit.get(P0)).isEqualTo(unfinished.isEmpty() ? next + 1 : unfinished.first());
                wide.committed(commit);
            }
        }
        open.forEach(wide::done);
        var last = wide.committable(List.of(P0));
        assertThat(last.getOrDefault(P0, next + 1)).isEqualTo(next + 1);
        assertThat(wide.inFlight()).isZero();
    }

    @Test
    @DisplayName("F4 many threads may finish at once")
    void isThreadSafe() {
        var wide = new OffsetWindow(10_000, Long.MAX_VALUE);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var offset = 0L; offset < 10_000; offset++) {
                wide.begin(P0, offset, 3);
                var ticket = wide.ticket("t", 0, offset);
                threads.execute(() -> wide.done(ticket));
            }
        }
        assertThat(wide.committable(List.of(P0))).isEqualTo(Map.of(P0, 10_000L));
        assertThat(wide.inFlightBytes()).isZero();
    }

    private Ticket begin(TopicPartition partition, long offset) {
        window.begin(partition, offset, 10);
        return window.ticket(partition.topic(), partition.partition(), offset);
    }

    private Map<TopicPartition, Long> committable() {
        return window.committable(List.of(P0, P1));
    }
}
