package dev.caravan.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.usage.LogEntry;
import dev.caravan.usage.LogPage;
import dev.caravan.usage.LogQuery;
import dev.caravan.usage.Parsed;
import dev.caravan.usage.UsageEvent;
import dev.caravan.usage.UsageEvents;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequestLogTest {

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);

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
    @DisplayName("C9 a request is shown with everything the log promises, newest first")
    void showsRequests() throws IOException {
        var older = UsageEvents.answered(now.minusSeconds(60), "m", "one", "team", "0.000123");
        var newer = UsageEvents.of(now, null, null, "team", 400, "invalid_request", List.of());
        stored.log.append(List.of(newer, older));

        var body = new String(find(Map.of()).toJson(), StandardCharsets.UTF_8);
        assertThat(body).contains("\"cost\":0.000123,", "\"cost\":0,");
        var json = new ObjectMapper().readTree(body);

        assertThat(json.fieldNames()).toIterable().containsExactly("logs", "page", "page_size", "total");
        assertThat(json.get("total").asLong()).isEqualTo(2);
        assertThat(json.at("/logs/0/request_id").asText()).isEqualTo(newer.requestId());
        assertThat(json.at("/logs/0/model").isNull()).isTrue();
        assertThat(json.at("/logs/0/error_code").asText()).isEqualTo("invalid_request");
        var entry = json.at("/logs/1");
        assertThat(entry.fieldNames())
                .toIterable()
                .contains(
                        "request_id",
                        "timestamp",
                        "model",
                        "provider",
                        "status_code",
                        "latency_ms",
                        "prompt_tokens",
                        "completion_tokens",
                        "total_tokens",
                        "cost",
                        "key",
                        "error_code");
        assertThat(entry.get("timestamp").asText()).isEqualTo(older.timestamp().toString());
        assertThat(entry.get("total_tokens").asLong()).isEqualTo(120);
        assertThat(entry.get("door").asText()).isEqualTo("http");
        assertThat(entry.get("latency_ms").asDouble()).isEqualTo(12.5);
    }

    @Test
    @DisplayName("F5 an event that comes again is not logged again, within a batch or in a later one")
    void dropsRepeats() {
        var events = some(10);
        stored.log.append(events);
        stored.log.append(List.of());
        var again = new ArrayList<>(events.subList(5, 10));
        var fresh = some(1).getFirst();
        again.add(fresh);
        again.add(fresh);
        stored.log.append(again);

        assertThat(find(Map.of()).total()).isEqualTo(11);
    }

    @Test
    @DisplayName("C9 pages divide the log without overlap, and one after the last is empty")
    void pages() {
        var events = some(25);
        stored.log.append(events);

        var shown = new ArrayList<String>();
        for (var page : List.of("1", "2", "3")) {
            var found = find(Map.of("page", page, "page_size", "10"));
            assertThat(found.total()).isEqualTo(25);
            found.logs().forEach(entry -> shown.add(entry.requestId()));
        }
        assertThat(shown)
                .isEqualTo(events.reversed().stream().map(UsageEvent::requestId).toList());
        assertThat(find(Map.of("page", "4", "page_size", "10")).logs()).isEmpty();
        assertThat(find(Map.of("page", "2147483647", "page_size", "1000")).logs())
                .isEmpty();
    }

    @Test
    @DisplayName("C9 filters by status, model, key, id of the request or its completion, and time")
    void filters() {
        var first = UsageEvents.answered(now.minus(3, ChronoUnit.HOURS), "m1", "one", "a", "1");
        var second = UsageEvents.of(now.minus(2, ChronoUnit.HOURS), "m2", null, "a", 404, "model_not_found", List.of());
        var third = UsageEvents.answered(now.minus(1, ChronoUnit.HOURS), "m1", "two", "b", "1");
        stored.log.append(List.of(first, second, third));

        finds(Map.of("status_code", "200"), third, first);
        finds(Map.of("status_code", "500"));
        finds(Map.of("model", "m1"), third, first);
        finds(Map.of("model", "m' OR 1=1"));
        finds(Map.of("key", "a"), second, first);
        finds(Map.of("key", "a", "status_code", "200"), first);
        finds(Map.of("request_id", second.requestId()), second);
        finds(Map.of("request_id", String.valueOf(first.completionId())), first);
        finds(Map.of("since", "150m"), third, second);
        finds(
                Map.of(
                        "since",
                        first.timestamp().toString(),
                        "until",
                        third.timestamp().toString()),
                second,
                first);
    }

    @Test
    @DisplayName("C9 filters by a provider that answered or was called")
    void filtersByProvider() {
        var fallback = UsageEvents.of(
                now,
                "m",
                "two",
                "a",
                200,
                null,
                List.of(UsageEvents.call("one", "m", 502, "0"), UsageEvents.call("two", "m", 200, "1")));
        var failed = UsageEvents.of(
                now.minusSeconds(1),
                "m",
                null,
                "a",
                502,
                "inference_failed",
                List.of(UsageEvents.call("one", "m", 502, "0")));
        var plain = UsageEvents.answered(now.minusSeconds(2), "m", "two", "a", "1");
        stored.log.append(List.of(fallback, failed, plain));

        finds(Map.of("provider", "one"), fallback, failed);
        finds(Map.of("provider", "two"), fallback, plain);
        finds(Map.of("provider", "on_"));
        finds(Map.of("provider", "on"));
    }

    @Test
    @DisplayName("C9 requests older than the retention are deleted, the others stay")
    void deletesWhatIsExpired() {
        var old = IntStream.range(0, 5)
                .mapToObj(i -> UsageEvents.answered(now.minus(49 + i * 7, ChronoUnit.HOURS), "m", "p", "k", "1"))
                .toList();
        var young = some(3);
        stored.log.append(old);
        stored.log.append(young);

        assertThat(stored.log.deleteExpired()).isEqualTo(5);
        assertThat(stored.log.deleteExpired()).isZero();
        finds(Map.of(), young.reversed().toArray(UsageEvent[]::new));
    }

    private List<UsageEvent> some(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> UsageEvents.answered(now.minusSeconds(count - i), "m", "p", "k", "0.01"))
                .toList();
    }

    private void finds(Map<String, String> parameters, UsageEvent... expected) {
        var page = find(parameters);
        assertThat(page.logs())
                .as(parameters.toString())
                .extracting(LogEntry::requestId)
                .containsExactly(
                        List.of(expected).stream().map(UsageEvent::requestId).toArray(String[]::new));
        assertThat(page.total()).isEqualTo(expected.length);
    }

    private LogPage find(Map<String, String> parameters) {
        return switch (LogQuery.parse(parameters)) {
            case Parsed.Valid<LogQuery>(var query) -> stored.log.find(query);
            case Parsed.Invalid<LogQuery>(var error) -> throw new AssertionError(error);
        };
    }
}
