package dev.caravan.store;

import dev.caravan.usage.SecondCost;
import dev.caravan.usage.UsageEvent;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What belongs to a generation of the statistics. Whoever writes holds the lock of {@link Generations}. Thread-safe.
 *
 * @param counted which events are in the sums
 * @param requests sums of what callers asked for
 * @param calls sums of what providers were asked for
 */
record GenerationTables(CountedEvents counted, HourlyTable requests, HourlyTable calls) {

    GenerationTables(JdbcTemplate jdbc) {
        this(
                new CountedEvents(jdbc),
                new HourlyTable(jdbc, "hourly_requests", List.of("model", "key_name")),
                new HourlyTable(jdbc, "hourly_calls", List.of("provider", "model", "key_name")));
    }

    /** Adds those that are not in the sums, and returns how many there were. */
    int add(long generation, long horizon, List<UsageEvent> events, SecondCost second) {
        var fresh = counted.countNew(generation, horizon, events);
        var sums = HourlySums.of(fresh, second);
        requests.add(generation, sums.requests());
        calls.add(generation, sums.calls());
        return fresh.size();
    }

    /** Gives another generation what happened before an hour. */
    void copy(long from, long to, Instant hour) {
        counted.copy(from, to, hour.getEpochSecond());
        requests.copy(from, to, hour);
        calls.copy(from, to, hour);
    }

    /** Deletes generations that are of no use any more; needs no lock, for nobody writes to them. */
    void deleteOld() {
        counted.forgetOld();
        requests.deleteOld();
        calls.deleteOld();
    }
}
