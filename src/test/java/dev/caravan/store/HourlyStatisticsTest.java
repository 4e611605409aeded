package dev.caravan.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.usage.StatsReport.ByKey;
import dev.caravan.usage.StatsReport.ByModel;
import dev.caravan.usage.StatsReport.Counts;
import dev.caravan.usage.UsageEvent;
import dev.caravan.usage.UsageEvents;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HourlyStatisticsTest {

    private final Instant now = Instant.now();

    private Stored stored;

    @BeforeEach
    void open(@TempDir Path folder) {
        stored = store(folder);
    }

    /** An empty database that forgets after two days. */
    Stored store(Path folder) {
        return new Stored(folder, Duration.ofDays(2));
    }

    @AfterEach
    void close() {
        stored.close();
    }

    @Test
    @DisplayName("C8 the report has the document's fields and the right sums")
    void reports() throws IOException {
        stored.statistics.append(List.of(
                UsageEvents.answered(now, "m1", "one", "a", "0.10"),
                UsageEvents.answered(now.minusSeconds(1), "m1", "one", "b", "0.20"),
                UsageEvents.of(
                        now,
                        "m2",
                        "two",
                        "a",
                        200,
                        null,
                        List.of(UsageEvents.call("one", "m2", 502, "0"), UsageEvents.call("two", "m2", 200, "0.03"))),
                UsageEvents.of(now, "nonsense", null, "a", 404, "model_not_found", List.of())));

        var json = new ObjectMapper()
                .readTree(stored.statistics
                        .report(24, name -> name.equals("one") ? 1 : 2)
                        .toJson());

        assertThat(json.get("total_requests").asLong()).isEqualTo(4);
        assertThat(json.get("successful_requests").asLong()).isEqualTo(3);
        assertThat(json.get("failed_requests").asLong()).isEqualTo(1);
        assertThat(json.get("success_rate").asDouble()).isEqualTo(75.0);
        assertThat(json.get("avg_response_time_ms").asDouble()).isEqualTo(12.5);
        assertThat(json.get("total_tokens").asLong()).isEqualTo(480);
        assertThat(json.get("total_cost").asText()).isEqualTo("0.33");
        assertThat(Instant.parse(json.get("timestamp").asText())).isAfterOrEqualTo(now);
        assertThat(json.get("providers")).hasSize(2);
        assertThat(json.at("/providers/0")).isEqualTo(new ObjectMapper().readTree("""
                {"provider_id": 1, "provider_name": "one", "total_requests": 3, "successful_requests": 2,
                 "cancelled_requests": 0, "total_tokens": 360, "total_cost": 0.3,
                 "total_repriced_cost": 0.3, "failed_requests": 1,
                 "success_rate": 66.67, "avg_response_time_ms": 10.25}"""));
        assertThat(json.at("/providers/1/provider_id").asInt()).isEqualTo(2);
    }

    @Test
    @DisplayName("C8 sums are told by model and by key; names that nobody serves are one")
    void reportsByModelAndKey() {
        stored.statistics.append(List.of(
                UsageEvents.answered(now, "m1", "one", "a", "0.10"),
                UsageEvents.of(now, "x1", null, "a", 404, "model_not_found", List.of()),
                UsageEvents.of(now, "x2", null, "b", 404, "model_not_found", List.of()),
                UsageEvents.of(now, null, null, "b", 400, "invalid_request", List.of())));

        var report = stored.statistics.report(1, name -> 0);

        assertThat(report.models()).extracting(ByModel::model).containsExactly("", "m1");
        assertThat(report.models().getFirst().counts().totalRequests()).isEqualTo(3);
        assertThat(report.keys()).extracting(ByKey::key).containsExactly("a", "b");
    }

    @Test
    @DisplayName("C8 without requests everything is zero")
    void reportsNothing() {
        var report = stored.statistics.report(8760, name -> 0);

        assertThat(report.counts().totalRequests()).isZero();
        assertThat(report.counts().successRate()).isZero();
        assertThat(report.providers()).isEmpty();
    }

    @Test
    @DisplayName("C8 hours limit the report; the hour in which it begins counts whole")
    void limitsTheHours() {
        var hour = now.truncatedTo(ChronoUnit.HOURS);
        stored.statistics.append(List.of(
                UsageEvents.answered(now, "m", "p", "k", "1"),
                UsageEvents.answered(hour.minus(2, ChronoUnit.HOURS), "m", "p", "k", "10"),
                UsageEvents.answered(hour.minus(3, ChronoUnit.HOURS).minusSeconds(1), "m", "p", "k", "100")));

        assertThat(stored.statistics.report(3, name -> 0).counts().totalCost()).isEqualByComparingTo("11");
        assertThat(stored.statistics.report(5, name -> 0).counts().totalCost()).isEqualByComparingTo("111");
    }

    @Test
    @DisplayName("F5 an event that comes again is not counted again, and costs add up to the cent and below")
    void dropsRepeats() {
        var events = some(1000, "0.000000000123");

        assertThat(stored.statistics.append(events)).isEqualTo(1000);
        assertThat(stored.statistics.append(events)).isZero();
        assertThat(stored.statistics.append(List.of())).isZero();
        var fresh = UsageEvents.answered(now, "m", "p", "k", "0.1");
        assertThat(stored.statistics.append(List.of(events.get(7), fresh, fresh, events.get(8))))
                .isEqualTo(1);

        var counts = stored.statistics.report(1, name -> 0).counts();
        assertThat(counts.totalRequests()).isEqualTo(1001);
        assertThat(counts.totalCost()).isEqualByComparingTo("0.100000123");
    }

    @Test
    @DisplayName("F5 instances that add at the same time, some of it the same, lose no count and double none")
    void addsFromSeveralThreads() throws Exception {
        var batches = IntStream.range(0, 20).mapToObj(i -> some(50, "0.01")).toList();
        try (var threads = Executors.newFixedThreadPool(4)) {
            var tasks = IntStream.range(0, 4)
                    .mapToObj(t -> threads.submit(() -> batches.forEach(batch -> {
                        stored.statistics.append(batch);
                        stored.log.append(batch);
                    })))
                    .toList();
            for (var task : tasks) {
                task.get();
            }
        }
        var report = stored.statistics.report(1, name -> 0);
        assertThat(report.counts().totalRequests()).isEqualTo(1000);
        assertThat(report.counts().totalCost()).isEqualByComparingTo("10");
        assertThat(report.providers().getFirst().counts())
                .isEqualTo(new Counts(
                        1000,
                        1000,
                        0,
                        10250.0,
                        120_000,
                        report.providers().getFirst().counts().totalCost(),
                        report.providers().getFirst().counts().totalCost()));
        assertThat(stored.jdbc.queryForObject("SELECT COUNT(*) FROM request_log", Long.class))
                .isEqualTo(1000);
    }

    @Test
    @DisplayName("F5 ids that are forgotten leave no way to count an event twice")
    void countsNothingTwiceAfterForgetting() {
        var old = UsageEvents.answered(now.minus(3, ChronoUnit.DAYS), "m", "p", "k", "1");
        stored.statistics.append(List.of(old));
        assertThat(stored.statistics.forgetExpired())
                .as("measured from the newest event, not from now")
                .isZero();

        var young = UsageEvents.answered(now, "m", "p", "k", "1");
        stored.statistics.append(List.of(young));
        assertThat(stored.statistics.forgetExpired()).isEqualTo(1);

        assertThat(stored.statistics.append(List.of(old, young))).isZero();
        assertThat(stored.statistics.report(100, name -> 0).counts().totalRequests())
                .isEqualTo(2);
    }

    private List<UsageEvent> some(int count, String cost) {
        return IntStream.range(0, count)
                .mapToObj(i -> UsageEvents.answered(now.minusMillis(i), "m", "p", "k", cost))
                .toList();
    }
}
