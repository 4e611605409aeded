package dev.caravan.store;

import dev.caravan.store.HourlySums.Key;
import dev.caravan.store.HourlySums.Sum;
import dev.caravan.usage.StatsReport.Counts;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Sums by the hour and by some names, in each generation. Whoever writes holds the lock of {@link Generations}. Works
 * within the caller's transaction. Thread-safe.
 */
final class HourlyTable {

    private static final List<String> SUMS = List.of(
            "requests",
            "successes",
            "cancelled",
            "latency_ms",
            "prompt_tokens",
            "completion_tokens",
            "cached_tokens",
            "reasoning_tokens",
            "cost",
            "repriced_cost");

    /** Makes one line of a report. */
    interface Group<T> {
        T of(String name, Counts counts);
    }

    private final JdbcTemplate jdbc;
    private final String name;
    private final String columns;
    private final String update;
    private final String insert;

    /** @param names the columns that stand beside the hour in the primary key */
    HourlyTable(JdbcTemplate jdbc, String name, List<String> names) {
        this.jdbc = jdbc;
        this.name = name;
        var withoutGeneration = new ArrayList<>(SUMS);
        withoutGeneration.add("hour_start");
        withoutGeneration.addAll(names);
        columns = String.join(", ", withoutGeneration);
        var added = SUMS.stream().map(sum -> sum + " = " + sum + " + ?").toList();
        var equal = withoutGeneration.subList(SUMS.size(), withoutGeneration.size()).stream()
                .map(column -> column + " = ?")
                .toList();
        update = "UPDATE " + name + " SET " + String.join(", ", added) + " WHERE generation = ? AND "
                + String.join(" AND ", equal);
        var places = String.join(", ", Collections.nCopies(SUMS.size(), "?"));
        insert = "INSERT INTO " + name + " (" + String.join(", ", SUMS) + ", generation, hour_start, "
                + String.join(", ", names) + ") VALUES (" + places + ", ?, ?" + ", ?".repeat(names.size()) + ")";
    }

    /** Updates first, then inserts what was not there; the lock keeps others out in between. */
    void add(long generation, Map<Key, Sum> sums) {
        var entries = List.copyOf(sums.entrySet());
        if (entries.isEmpty()) {
            return;
        }
        int[][] updated =
                jdbc.batchUpdate(update, entries, entries.size(), (row, entry) -> write(row, generation, entry));
        var missing = new ArrayList<Map.Entry<Key, Sum>>();
        for (int i = 0; i < entries.size(); i++) {
            if (updated[0][i] == 0) {
                missing.add(entries.get(i));
            }
        }
        if (!missing.isEmpty()) {
            jdbc.batchUpdate(insert, missing, missing.size(), (row, entry) -> write(row, generation, entry));
        }
    }

    /** Gives another generation the hours that began before. */
    void copy(long from, long to, Instant before) {
        jdbc.update("""
                INSERT INTO %1$s (generation, %2$s) SELECT CAST(? AS BIGINT), %2$s FROM %1$s
                WHERE generation = ? AND hour_start < ?""".formatted(name, columns), to, from, utc(before));
    }

    /** Deletes generations that are of no use any more. */
    void deleteOld() {
        jdbc.update("DELETE FROM " + name + " WHERE " + Generations.OLD);
    }

    /** The live sums by one of the names, most requests first. */
    <T> List<T> live(String column, Instant since, Group<T> group) {
        return jdbc.query(
                """
                SELECT %2$s, %3$s FROM %1$s WHERE generation = %4$s AND hour_start >= ?
                GROUP BY %2$s ORDER BY requests DESC, %2$s""".formatted(name, column, counts(), Generations.LIVE),
                (row, number) -> group.of(row.getString(column), counts(row)),
                utc(since));
    }

    /** All hours of a generation together. */
    Counts total(long generation) {
        return jdbc
                .query(
                        "SELECT %s FROM %s WHERE generation = ? HAVING COUNT(*) > 0".formatted(counts(), name),
                        (row, number) -> counts(row),
                        generation)
                .stream()
                .findFirst()
                .orElse(Counts.NONE);
    }

    private static String counts() {
        return """
                SUM(requests) AS requests, SUM(successes) AS successes, SUM(cancelled) AS cancelled,
                SUM(latency_ms) AS latency_ms, SUM(prompt_tokens) + SUM(completion_tokens) AS tokens,
                SUM(cost) AS cost, SUM(repriced_cost) AS repriced_cost""";
    }

    private static Counts counts(ResultSet row) throws SQLException {
        return new Counts(
                row.getLong("requests"),
                row.getLong("successes"),
                row.getLong("cancelled"),
                row.getDouble("latency_ms"),
                row.getLong("tokens"),
                row.getBigDecimal("cost").stripTrailingZeros(),
                row.getBigDecimal("repriced_cost").stripTrailingZeros());
    }

    /** Both statements take the sums first and the key after them. */
    private static void write(PreparedStatement row, long generation, Map.Entry<Key, Sum> entry) throws SQLException {
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
        row.setBigDecimal(10, sum.repricedCost);
        row.setLong(11, generation);
        row.setObject(12, utc(entry.getKey().hour()));
        int column = 13;
        for (var each : entry.getKey().names()) {
            row.setString(column++, each);
        }
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
