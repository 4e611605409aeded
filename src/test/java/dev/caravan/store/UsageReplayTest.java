package dev.caravan.store;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.testing.RunningBroker;
import dev.caravan.usage.LogEntry;
import dev.caravan.usage.LogQuery;
import dev.caravan.usage.SecondCost;
import dev.caravan.usage.StatsReport;
import dev.caravan.usage.UsageEvent;
import dev.caravan.usage.UsageEvents;
import dev.caravan.usage.UsageHistory;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsageReplayTest {

    private final Map<String, Object> kafka =
            Map.of("bootstrap.servers", RunningBroker.shared().kafka());
    private final String topic = "usage-replay-" + UUID.randomUUID();
    private final Instant now = Instant.now();
    private final Instant hour = now.truncatedTo(ChronoUnit.HOURS);
    private final Admin admin = Admin.create(kafka);
    /** Not idempotent: such a producer stays stuck where the first batch for a new topic comes before its leader. */
    private final KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
            Map.of("bootstrap.servers", RunningBroker.shared().kafka(), "enable.idempotence", false),
            new ByteArraySerializer(),
            new ByteArraySerializer());

    private Stored stored;

    @BeforeEach
    void open(@TempDir Path folder) throws Exception {
        stored = store(folder);
        admin.createTopics(List.of(new NewTopic(topic, 3, (short) 1))).all().get();
    }

    /** An empty database that forgets after two days. */
    Stored store(Path folder) {
        return new Stored(folder, Duration.ofDays(2));
    }

    @AfterEach
    void close() throws Exception {
        producer.close();
        admin.deleteTopics(List.of(topic)).all().get();
        admin.close();
        stored.close();
    }

    @Test
    @DisplayName("F5 sums and log that were spoilt are rebuilt from zero and equal those of before to the cent")
    void rebuildsFromZero() throws Exception {
        var events = requests(3000);
        publish(events);
        publish(events.subList(0, 500));
        live(events);
        var before = report();
        var log = log();
        stored.jdbc.update("UPDATE hourly_requests SET cost = cost * 3, requests = requests + 1");
        stored.jdbc.update("DELETE FROM hourly_calls");
        stored.jdbc.update("DELETE FROM request_log WHERE status_code = 502");
        stored.jdbc.update("UPDATE request_log SET cost = 7, key_name = 'x'");

        replay(null, false);

        same(report(), before);
        assertThat(log()).isEqualTo(log);
        var told = stored.replays.latest().orElseThrow();
        assertThat(told.state()).isEqualTo(UsageReplay.State.DONE);
        assertThat(told.recordsRead()).isEqualTo(3500).isEqualTo(told.recordsTotal());
        assertThat(after().totalRequests()).isEqualTo(3000);
        assertThat(after().totalCost())
                .isEqualByComparingTo(events.stream().map(UsageEvent::cost).reduce(BigDecimal.ZERO, BigDecimal::add));
        assertThat(requireNonNull(told.before()).totalRequests()).isGreaterThan(3000);
        assertThat(stored.jdbc.queryForObject("SELECT COUNT(DISTINCT generation) FROM counted_events", Integer.class))
                .as("the old generation is gone")
                .isEqualTo(1);
        assertThat(stored.statistics.append(events)).as("ids are known").isZero();
    }

    @Test
    @DisplayName("F5 events that several instances add during a replay are neither lost nor counted twice")
    void losesNothingMeanwhile() throws Exception {
        var early = requests(2000);
        publish(early);
        live(early.subList(0, 1500));
        var late = new ArrayList<UsageEvent>(early.subList(1500, 2000));
        late.addAll(requests(3000));
        var swapped = new AtomicBoolean();
        var id = stored.replays.begin(null, false).orElseThrow();
        publish(late.subList(500, 2000));
        try (var threads = Executors.newFixedThreadPool(2);
                var rebuild = rebuild(id, null, SecondCost.SAME)) {
            var instances = IntStream.range(0, 2)
                    .mapToObj(i -> threads.submit(() -> {
                        for (int at = 0; at < late.size(); at += 50) {
                            live(late.subList(at, at + 50));
                        }
                        return swapped.get();
                    }))
                    .toList();
            complete(rebuild);
            swapped.set(true);
            for (var each : instances) {
                each.get();
            }
        }
        publish(late.subList(2000, 3500));

        var shown = report();
        assertThat(shown.counts().totalRequests()).isEqualTo(5000);
        replay(null, false);
        same(report(), shown);
    }

    @Test
    @DisplayName(
            "F5 costs of the time stay, those by the dated prices stand beside them; cached tokens are priced once")
    void reprices() throws Exception {
        var old = UsageEvents.answered(Instant.parse("2026-12-31T23:59:59Z"), "m1", "one", "k", "0.5");
        var young = UsageEvents.answered(Instant.parse("2027-01-01T00:00:00Z"), "m1", "one", "k", "0.5");
        var fallback = UsageEvents.of(
                Instant.parse("2027-01-01T00:00:01Z"),
                "m1",
                "one",
                "k",
                200,
                null,
                List.of(UsageEvents.call("dear", "m9", 502, "0.25"), UsageEvents.call("one", "m1", 200, "0.5")));
        var events = List.of(old, young, fallback);
        publish(events);
        live(events);

        replay(null, true);

        // 100 prompt tokens of which 10 cached ones cost nothing, 20 of the answer; the dear one has no price
        var total = after();
        assertThat(total.totalCost()).isEqualByComparingTo("1.75");
        assertThat(total.totalRepricedCost()).isEqualByComparingTo("0.25055");
        var repriced = SecondCost.by(Stored.PRICES);
        assertThat(repriced.of(old)).isEqualByComparingTo("0.00011");
        assertThat(repriced.of(young)).isEqualByComparingTo("0.00022");
        assertThat(repriced.of(fallback)).isEqualByComparingTo("0.25022");
        if (Instant.now().isBefore(fallback.timestamp().plus(1, ChronoUnit.DAYS))) {
            assertThat(log())
                    .extracting(LogEntry::repricedCost)
                    .allSatisfy(cost -> assertThat(cost).isLessThan(new BigDecimal("0.3")));
        }
        replay(null, false);
        assertThat(after().totalRepricedCost()).isEqualByComparingTo("1.75");
    }

    @Test
    @DisplayName(
            "F5 what comes in during a replay that prices anew is priced anew as well, and reports tell both costs")
    void repricesWhatComesMeanwhile() throws Exception {
        var events = List.of(UsageEvents.answered(now, "m1", "one", "k", "0.5"));
        var id = stored.replays.begin(null, true).orElseThrow();
        live(events);
        try (var rebuild = rebuild(id, null, SecondCost.by(Stored.PRICES))) {
            complete(rebuild);
        }
        assertThat(report().counts().totalCost()).isEqualByComparingTo("0.5");
        assertThat(report().counts().totalRepricedCost()).isLessThan(new BigDecimal("0.001"));
        publish(events);
        replay(null, true);
        assertThat(log()).singleElement().satisfies(entry -> {
            assertThat(entry.cost()).isEqualByComparingTo("0.5");
            assertThat(entry.repricedCost()).isLessThan(new BigDecimal("0.001"));
        });
    }

    @Test
    @DisplayName(
            "F5 one replay runs at a time; after one that was killed in the middle another begins, and the dead one changes nothing")
    void isTakenOver() throws Exception {
        var events = requests(3000);
        publish(events);
        live(events);
        var before = report();
        var id = stored.replays.begin(null, false).orElseThrow();
        try (var killed = rebuild(id, null, SecondCost.SAME)) {
            killed.read();
            killed.log();
            killed.count();
            same(report(), before);
            assertThat(stored.replays.begin(null, false)).isEmpty();

            var other = instance("two", UsageReplays.LEASE.plusSeconds(1));
            var second = other.begin(null, false).orElseThrow();

            assertThatThrownBy(killed::count).hasMessageContaining("given it up");
            assertThatThrownBy(killed::finish).hasMessageContaining("given it up");
            try (var rebuild = new UsageRebuild(second, history(null), SecondCost.SAME, other, stored.log)) {
                complete(rebuild);
            }
        }
        same(report(), before);
    }

    @Test
    @DisplayName("F5 a restart gives up the replay of the life before, a chore that of an instance that has gone")
    void isGivenUp() {
        assertThat(stored.replays.begin(null, false)).isPresent();
        instance("two", Duration.ZERO).failOwn();
        assertThat(state()).isEqualTo(UsageReplay.State.RUNNING);
        stored.replays.failOwn();
        assertThat(state()).isEqualTo(UsageReplay.State.FAILED);

        assertThat(stored.replays.begin(null, false)).isPresent();
        stored.replays.failAbandoned();
        assertThat(state()).isEqualTo(UsageReplay.State.RUNNING);
        instance("two", UsageReplays.LEASE.plusSeconds(1)).failAbandoned();
        assertThat(state()).isEqualTo(UsageReplay.State.FAILED);
        assertThat(stored.replays.latest().orElseThrow().error()).isEqualTo("Its instance has gone.");
    }

    @Test
    @DisplayName("F5 a replay from an hour on keeps the sums before it, also where the topic has lost them")
    void rebuildsFromAnHour() throws Exception {
        var old = IntStream.range(0, 100)
                .mapToObj(i ->
                        UsageEvents.answered(hour.minus(5, ChronoUnit.HOURS).plusSeconds(i), "m1", "one", "k", "0.01"))
                .toList();
        var young = requests(1000);
        var published = old.subList(0, 50);
        publish(published, hour.minus(5, ChronoUnit.HOURS));
        publish(young);
        live(old);
        live(young);
        var before = report();
        stored.jdbc.update("UPDATE hourly_calls SET cost = 0 WHERE hour_start >= ?", java.sql.Timestamp.from(hour));
        deleteOldest(published.stream().filter(each -> partition(each) == 0).count() / 2);
        assertThatThrownBy(() -> history(null)).hasMessageContaining("has lost its oldest events");
        assertThatThrownBy(() -> history(hour.minus(9, ChronoUnit.HOURS))).hasMessageContaining("later 'from'");

        replay(now.minus(3, ChronoUnit.HOURS), false);

        same(report(), before);
        assertThat(stored.statistics.append(old))
                .as("ids from before are known")
                .isZero();
        same(report(), before);
    }

    private void replay(@Nullable Instant from, boolean reprice) throws Exception {
        var id = stored.replays.begin(from, reprice).orElseThrow();
        var begun = Optional.ofNullable(stored.replays.latest().orElseThrow().from());
        try (var rebuild = rebuild(id, begun.orElse(null), reprice ? SecondCost.by(Stored.PRICES) : SecondCost.SAME)) {
            complete(rebuild);
        }
    }

    private UsageRebuild rebuild(long id, @Nullable Instant from, SecondCost second) {
        return new UsageRebuild(id, history(from), second, stored.replays, stored.log);
    }

    private UsageHistory history(@Nullable Instant from) {
        return UsageHistory.open(kafka, topic, from);
    }

    /** As the routes do it. */
    private static void complete(UsageRebuild rebuild) {
        while (rebuild.behind()) {
            rebuild.read();
            rebuild.log();
            rebuild.count();
        }
        rebuild.finish();
    }

    private UsageReplays instance(String name, Duration later) {
        return new UsageReplays(stored.jdbc, stored.transactions, name, Clock.offset(Clock.systemUTC(), later));
    }

    private UsageReplay.State state() {
        return stored.replays.latest().orElseThrow().state();
    }

    private UsageReplay.Sums after() {
        return requireNonNull(stored.replays.latest().orElseThrow().after());
    }

    private StatsReport report() {
        return stored.statistics.report(24, name -> 1);
    }

    private List<LogEntry> log() {
        return stored.log
                .find(new LogQuery(1, 10_000, null, null, null, null, null, null, null))
                .logs();
    }

    /** All but the sums of milliseconds, which depend on the order of adding, is the same. */
    private static void same(StatsReport one, StatsReport other) {
        assertThat(one)
                .usingRecursiveComparison()
                .ignoringFields("timestamp")
                .withComparatorForType(BigDecimal::compareTo, BigDecimal.class)
                .withComparatorForType((a, b) -> Math.abs(a - b) < 0.001 ? 0 : 1, Double.class)
                .isEqualTo(other);
    }

    private void live(List<UsageEvent> events) {
        for (int at = 0; at < events.size(); at += 500) {
            var batch = events.subList(at, Math.min(events.size(), at + 500));
            stored.log.append(batch);
            stored.statistics.append(batch);
        }
    }

    /** Of the last two hours: answered ones, failed ones, fallbacks, councils. */
    private List<UsageEvent> requests(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    var at = now.minusMillis(i * 2000L % 7_000_000);
                    var one = UsageEvents.call("one", "m1", 200, "0.000000000123");
                    return switch (i % 4) {
                        case 0 -> UsageEvents.answered(at, "m1", "one", "a", "0.0123456789");
                        case 1 -> UsageEvents.of(at, "m2", null, "b", 502, "inference_failed", List.of());
                        case 2 ->
                            UsageEvents.of(
                                    at,
                                    "m1",
                                    "one",
                                    "a",
                                    200,
                                    null,
                                    List.of(UsageEvents.call("two", "m1", 503, "0"), one));
                        default ->
                            UsageEvents.of(
                                    at,
                                    "council",
                                    "two",
                                    "b",
                                    200,
                                    null,
                                    List.of(one, one, UsageEvents.call("two", "m3", 200, "0.00333")));
                    };
                })
                .toList();
    }

    private void publish(List<UsageEvent> events) throws ExecutionException, InterruptedException {
        publish(events, null);
    }

    private void publish(List<UsageEvent> events, @Nullable Instant at)
            throws ExecutionException, InterruptedException {
        var sent = events.stream()
                .map(event -> producer.send(new ProducerRecord<>(
                        topic, partition(event), at == null ? null : at.toEpochMilli(), null, event.toJson())))
                .toList();
        for (var each : sent) {
            each.get();
        }
    }

    private static int partition(UsageEvent event) {
        return Math.floorMod(event.id().hashCode(), 3);
    }

    private void deleteOldest(long offset) throws ExecutionException, InterruptedException {
        admin.deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(offset)))
                .all()
                .get();
    }
}
