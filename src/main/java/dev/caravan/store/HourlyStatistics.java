package dev.caravan.store;

import dev.caravan.store.HourlySums.Key;
import dev.caravan.store.HourlySums.Sum;
import dev.caravan.usage.StatsReport;
import dev.caravan.usage.StatsReport.ByKey;
import dev.caravan.usage.StatsReport.ByModel;
import dev.caravan.usage.StatsReport.ByProvider;
import dev.caravan.usage.StatsReport.Counts;
import dev.caravan.usage.UsageEvent;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToIntFunction;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Requests and provider calls, summed by the hour. Thread-safe, and safe for several instances on one database: they add
 * one after the other. A database that is away is a {@link DataAccessException}; nothing is half done then, and the same
 * call can be repeated.
 */
public class HourlyStatistics {

    private static final Table REQUESTS = new Table("hourly_requests", List.of("model", "key_name"));
    private static final Table CALLS = new Table("hourly_calls", List.of("provider", "model", "key_name"));

    private final JdbcTemplate jdbc;
    private final TransactionOperations transactions;
    private final CountedEvents counted;
    private final Duration retention;

    public HourlyStatistics(JdbcTemplate jdbc, TransactionOperations transactions, StoreSettings settings) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.counted = new CountedEvents(jdbc);
        this.retention = settings.logRetention();
    }

    /** Adds the events to the sums in one transaction, each event once however often it comes. Returns how many were new. */
    public int append(List<UsageEvent> events) {
        return Objects.requireNonNull(transactions.execute(tx -> {
            var fresh = counted.countNew(events);
            var sums = HourlySums.of(fresh);
            add(REQUESTS, sums.requests());
            add(CALLS, sums.calls());
            return fresh.size();
        }));
    }

    /**
     * The sums of the last hours. They are kept by the hour of the clock (UTC): the hour in which the report begins is
     * part of it as a whole, so it covers up to an hour more than was asked for.
     *
     * @param hours how many hours back from now
     * @param providerId the number of a provider by its name
     */
    public StatsReport report(int hours, ToIntFunction<String> providerId) {
        var now = Instant.now();
        var since = now.minus(hours, ChronoUnit.HOURS).truncatedTo(ChronoUnit.HOURS);
        var models = sums("hourly_requests", "model", since, ByModel::new);
        var keys = sums("hourly_requests", "key_name", since, ByKey::new);
        var providers = sums(
                "hourly_calls",
                "provider",
                since,
                (name, counts) -> new ByProvider(providerId.applyAsInt(name), name, counts));
        var all = models.stream().map(ByModel::counts).reduce(Counts.NONE, Counts::plus);
        return new StatsReport(all, providers, models, keys, now);
    }

    /**
     * Forgets by which ids repeats are known, once they are older than the retention; events from before then are not
     * counted any more. For a scheduler.
     */
    public int forgetExpired() {
        return Objects.requireNonNull(transactions.execute(tx -> counted.forget(retention.toSeconds())));
    }

    /** Updates first, then inserts what was not there; the lock of {@link CountedEvents} keeps others out in between. */
    private void add(Table table, Map<Key, Sum> sums) {
        var entries = List.copyOf(sums.entrySet());
        if (entries.isEmpty()) {
            return;
        }
        int[][] updated = jdbc.batchUpdate(table.update(), entries, entries.size(), HourlyStatistics::write);
        var missing = new ArrayList<Map.Entry<Key, Sum>>();
        for (int i = 0; i < entries.size(); i++) {
            if (updated[0][i] == 0) {
                missing.add(entries.get(i));
            }
        }
        if (!missing.isEmpty()) {
            jdbc.batchUpdate(table.insert(), missing, missing.size(), HourlyStatistics::write);
        }
    }

    /** Both statements take the sums first and the key after them. */
    private static void write(PreparedStatement row, Map.Entry<Key, Sum> entry) throws SQLException {
        var sum = entry.getValue();
        row.setLong(1, sum.requests);
        row.setLong(2, sum.successes);
        row.setLong(3, sum.cancelled);
        row.setDouble(4, sum.latencyMs);
        row.setLong(5, sum.promptTokens);
        row.setLong(6, sum.completionTokens);
        row.setLong(7, sum.cachedTokens);
        row.setLong(8, sum.reasoningTokens);
        row.setBigDecimal(9, sum.cost);
        row.setObject(10, utc(entry.getKey().hour()));
        int column = 11;
        for (var name : entry.getKey().names()) {
            row.setString(column++, name);
        }
    }

    private <T> List<T> sums(String table, String name, Instant since, Group<T> group) {
        return jdbc.query(
                """
                SELECT %2$s, SUM(requests) AS requests, SUM(successes) AS successes, SUM(cancelled) AS cancelled,
                    SUM(latency_ms) AS latency_ms, SUM(prompt_tokens) + SUM(completion_tokens) AS tokens, SUM(cost) AS cost
                FROM %1$s WHERE hour_start >= ? GROUP BY %2$s ORDER BY requests DESC, %2$s""".formatted(table, name), (row, number) -> group.of(row.getString(1), counts(row)), utc(since));
    }

    private static Counts counts(ResultSet row) throws SQLException {
        return new Counts(
                row.getLong("requests"),
                row.getLong("successes"),
                row.getLong("cancelled"),
                row.getDouble("latency_ms"),
                row.getLong("tokens"),
                row.getBigDecimal("cost").stripTrailingZeros());
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    /** Makes one line of a report. */
    private interface Group<T> {
        T of(String name, Counts counts);
    }

    private record Table(String update, String insert) {

        private static final List<String> SUMS = List.of(
                "requests",
                "successes",
                "cancelled",
                "latency_ms",
                "prompt_tokens",
                "completion_tokens",
                "cached_tokens",
                "reasoning_tokens",
                "cost");

        Table(String name, List<String> names) {
            var key = new ArrayList<String>(List.of("hour_start"));
            key.addAll(names);
            var columns = new ArrayList<>(SUMS);
            columns.addAll(key);
            var added = SUMS.stream().map(sum -> sum + " = " + sum + " + ?").toList();
            var equal = key.stream().map(column -> column + " = ?").toList();
            this(
                    "UPDATE " + name + " SET " + String.join(", ", added) + " WHERE " + String.join(" AND ", equal),
                    "INSERT INTO " + name + " (" + String.join(", ", columns) + ") VALUES ("
                            + String.join(
                                    ", ", columns.stream().map(column -> "?").toList()) + ")");
        }
    }
}
