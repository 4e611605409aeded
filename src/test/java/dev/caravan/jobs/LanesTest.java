package dev.caravan.jobs;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.chat.Cancellation;
import dev.caravan.jobs.Lanes.Place;
import dev.caravan.jobs.Lanes.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LanesTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(20);

    private final Cancellation going = new Cancellation();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void end() {
        going.cancel(Cancellation.Reason.DRAINING);
        threads.close();
    }

    @Test
    @DisplayName("F4 a provider that takes no more holds up nobody who wants another")
    void overtakes() {
        var lanes = new Lanes(10, 2);
        enter(lanes, "slow");
        enter(lanes, "slow");
        assertThat(lanes.enter("slow", Priority.NORMAL, SHORT, going)).isNull();
        assertThat(lanes.enter("fast", Priority.NORMAL, SHORT, going)).isNotNull();
    }

    @Test
    @DisplayName(
            "F4 of all providers together no more are asked than may be, and a place that is left goes to who waits")
    void boundsAll() throws Exception {
        var lanes = new Lanes(2, 2);
        var first = enter(lanes, "a");
        enter(lanes, "b");
        var waiting = later(lanes, "c", Priority.NORMAL);
        assertThat(lanes.enter("d", Priority.NORMAL, SHORT, going)).isNull();
        assertThat(waiting).isNotDone();
        first.leave();
        assertThat(waiting.get(10, TimeUnit.SECONDS)).isNotNull();
        assertThat(lanes.inside()).isEqualTo(2);
        first.leave();
        assertThat(lanes.inside()).as("left once").isEqualTo(2);
    }

    @Test
    @DisplayName(
            "F4 a 429 closes the lane for as long as the provider asks, and halves it once for all who heard it together")
    void slowsDown() {
        var lanes = new Lanes(100, 100);
        var places = IntStream.range(0, 64).mapToObj(_ -> enter(lanes, "p")).toList();
        var pause = Duration.ofMillis(300);
        var begin = System.nanoTime();
        places.subList(0, 32).forEach(place -> place.leaveClosed(pause));
        assertThat(lanes.limit("p")).isEqualTo(32);
        assertThat(lanes.limit("other")).isEqualTo(100);
        places.subList(32, 64).forEach(Place::leave);

        assertThat(lanes.enter("p", Priority.NORMAL, SHORT, going)).isNull();
        var next = requireNonNull(lanes.enter("p", Priority.NORMAL, LONG, going));
        assertThat(System.nanoTime() - begin).isGreaterThan(pause.toNanos() * 9 / 10);
        next.leaveClosed(Duration.ZERO);
        assertThat(lanes.limit("p")).as("one that entered after it").isEqualTo(1);
        for (var i = 0; i < 20; i++) {
            enter(lanes, "p").leave();
        }
        assertThat(lanes.limit("p")).as("grows again").isBetween(4, 8);
    }

    @Test
    @DisplayName("F4 higher priorities go first, and lower ones are not starved")
    void prefers() {
        var lanes = new Lanes(1, 1);
        var first = enter(lanes, "p");
        var order = Collections.synchronizedList(new ArrayList<Priority>());
        var waiting = new AtomicInteger();
        for (var priority : List.of(Priority.LOW, Priority.NORMAL, Priority.HIGH)) {
            for (var i = 0; i < 26; i++) {
                threads.execute(() -> {
                    waiting.incrementAndGet();
                    var place = requireNonNull(lanes.enter("p", priority, LONG, going));
                    order.add(priority);
                    place.leave();
                });
            }
        }
        await().until(() -> waiting.get() == 78);
        assertThat(lanes.enter("p", Priority.HIGH, Duration.ofMillis(200), going))
                .isNull();
        first.leave();
        await().until(() -> order.size() == 78);

        var begin = order.subList(0, 26);
        assertThat(begin).filteredOn(Priority.HIGH::equals).hasSize(16);
        assertThat(begin).filteredOn(Priority.NORMAL::equals).hasSize(8);
        assertThat(begin).filteredOn(Priority.LOW::equals).hasSize(2);
    }

    @Test
    @DisplayName("F4 who waits goes at once when the broker stops")
    void stops() throws Exception {
        var lanes = new Lanes(1, 1);
        enter(lanes, "p");
        var waiting = later(lanes, "p", Priority.NORMAL);
        going.cancel(Cancellation.Reason.DRAINING);
        assertThat(waiting.get(10, TimeUnit.SECONDS)).isNull();
    }

    private Place enter(Lanes lanes, String provider) {
        return requireNonNull(lanes.enter(provider, Priority.NORMAL, LONG, going));
    }

    private CompletableFuture<@Nullable Place> later(Lanes lanes, String provider, Priority priority) {
        return CompletableFuture.<@Nullable Place>supplyAsync(
                () -> lanes.enter(provider, priority, LONG, going), threads);
    }
}
