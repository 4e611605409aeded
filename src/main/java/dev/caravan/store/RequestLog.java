package dev.caravan.store;

import dev.caravan.usage.LogEntry;
import dev.caravan.usage.LogPage;
import dev.caravan.usage.LogQuery;
import dev.caravan.usage.SecondCost;
import dev.caravan.usage.UsageCall;
import dev.caravan.usage.UsageEvent;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionOperations;

/**
 * One row for each client request, kept for {@code caravan.log-retention}. Thread-safe. A database that is away is a
 * {@link DataAccessException}; nothing is half done then, and the same call can be repeated.
 */
public class RequestLog {

    /** The key last, so that both statements take the values in one order. */
    private static final List<String> COLUMNS = List.of(
            "request_id",
            "completion_id",
            "door",
            "endpoint",
            "key_name",
            "model",
            "provider",
            "other_providers",
            "streamed",
            "status_code",
            "error_code",
            "latency_ms",
            "first_token_ms",
            "prompt_tokens",
            "completion_tokens",
            "cached_tokens",
            "reasoning_tokens",
            "cost",
            "cache",
            "repriced_cost",
            "finished_at",
            "event_id");

    private static final String INSERT = "INSERT INTO request_log (" + String.join(", ", COLUMNS) + ") VALUES (?"
            + ", ?".repeat(COLUMNS.size() - 1) + ") ON CONFLICT DO NOTHING";
    private static final String UPDATE = "UPDATE request_log SET "
            + String.join(" = ?, ", COLUMNS.subList(0, COLUMNS.size() - 2))
            + " = ? WHERE finished_at = ? AND event_id = ?";

    /** The order in which two instances that write the same events do not wait for each other in a circle. */
    private static final Comparator<UsageEvent> BY_TIME =
            Comparator.comparing(UsageEvent::timestamp).thenComparing(UsageEvent::id);

    private static final Duration DELETED_AT_ONCE = Duration.ofMinutes(1);
    private static final int OTHER_PROVIDERS_LENGTH = 8000;

    private final JdbcTemplate jdbc;
    private final TransactionOperations transactions;
    private final Duration retention;

    public RequestLog(JdbcTemplate jdbc, TransactionOperations transactions, StoreSettings settings) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.retention = settings.logRetention();
    }

    /** Adds the requests in one transaction, but for those that the log holds already. */
    public void append(List<UsageEvent> events) {
        var ordered = events.stream().sorted(BY_TIME).toList();
        transactions.executeWithoutResult(tx -> batch(INSERT, ordered, SecondCost.SAME));
    }

    /**
     * Puts the requests into the log as the events tell them, in one transaction: those that it holds are written over,
     * those that are missing added, but for what is older than the retention.
     */
    public void rewrite(List<UsageEvent> events, SecondCost second) {
        var end = Instant.now().minus(retention);
        var ordered = events.stream()
                .filter(event -> event.timestamp().isAfter(end))
                .sorted(BY_TIME)
                .toList();
        transactions.executeWithoutResult(tx -> {
            batch(UPDATE, ordered, second);
            batch(INSERT, ordered, second);
        });
    }

    private void batch(String statement, List<UsageEvent> ordered, SecondCost second) {
        jdbc.batchUpdate(
                statement, ordered, Math.max(1, ordered.size()), (row, event) -> write(row, event, second.of(event)));
    }

    /**
     * The requests that match, newest first. Without a time all rows are looked through to count them. Pages are counted
     * from the newest row at the moment of asking: who turns pages while requests come in sets {@code until}.
     */
    public LogPage find(LogQuery query) {
        var where = new ArrayList<String>();
        var values = new ArrayList<Object>();
        restrict(query, where, values);
        var condition = where.isEmpty() ? "" : " WHERE " + String.join(" AND ", where);
        long total = Objects.requireNonNull(
                jdbc.queryForObject("SELECT COUNT(*) FROM request_log" + condition, Long.class, values.toArray()));
        if (total <= query.offset()) {
            return new LogPage(List.of(), query.page(), query.pageSize(), total);
        }
        values.add(query.pageSize());
        values.add(query.offset());
        var logs = jdbc.query(
                "SELECT * FROM request_log" + condition + " ORDER BY finished_at DESC, event_id DESC LIMIT ? OFFSET ?",
                RequestLog::read,
                values.toArray());
        return new LogPage(logs, query.page(), query.pageSize(), total);
    }

    /** Deletes what is older than the retention, a minute's requests at a time, so that no transaction is long. For a scheduler. */
    public int deleteExpired() {
        var end = Instant.now().minus(retention);
        int deleted = 0;
        for (var oldest = oldest(); oldest != null && oldest.isBefore(end); oldest = oldest()) {
            var upTo = oldest.plus(DELETED_AT_ONCE);
            deleted +=
                    jdbc.update("DELETE FROM request_log WHERE finished_at < ?", utc(upTo.isBefore(end) ? upTo : end));
        }
        return deleted;
    }

    private @Nullable Instant oldest() {
        var oldest = jdbc.queryForObject("SELECT MIN(finished_at) FROM request_log", OffsetDateTime.class);
        return oldest == null ? null : oldest.toInstant();
    }

    private static void restrict(LogQuery query, List<String> where, List<Object> values) {
        restrict(query.statusCode(), "status_code = ?", where, values);
        restrict(query.model(), "model = ?", where, values);
        restrict(query.key(), "key_name = ?", where, values);
        restrict(query.since() == null ? null : utc(query.since()), "finished_at >= ?", where, values);
        restrict(query.until() == null ? null : utc(query.until()), "finished_at < ?", where, values);
        if (query.requestId() != null) {
            where.add("(request_id = ? OR completion_id = ?)");
            values.addAll(List.of(query.requestId(), query.requestId()));
        }
        if (query.provider() != null) {
            where.add("(provider = ? OR POSITION(? IN other_providers) > 0)");
            values.addAll(List.of(query.provider(), listed(query.provider())));
        }
    }

    private static void restrict(@Nullable Object value, String condition, List<String> where, List<Object> values) {
        if (value != null) {
            where.add(condition);
            values.add(value);
        }
    }

    private static void write(PreparedStatement row, UsageEvent event, BigDecimal repriced) throws SQLException {
        row.setString(1, event.requestId());
        row.setString(2, event.completionId());
        row.setString(3, event.door().name().toLowerCase(Locale.ROOT));
        row.setString(4, event.endpoint());
        row.setString(5, event.key());
        row.setString(6, event.model());
        row.setString(7, event.provider());
        row.setString(8, otherProviders(event));
        row.setBoolean(9, event.stream());
        row.setInt(10, event.statusCode());
        row.setString(11, event.errorCode());
        row.setDouble(12, event.latencyMs());
        row.setObject(13, event.firstTokenMs(), Types.DOUBLE);
        row.setLong(14, event.promptTokens());
        row.setLong(15, event.completionTokens());
        row.setLong(16, event.cachedTokens());
        row.setLong(17, event.reasoningTokens());
        row.setBigDecimal(18, event.cost());
        row.setString(19, event.cache().name().toLowerCase(Locale.ROOT));
        row.setBigDecimal(20, repriced.compareTo(event.cost()) == 0 ? null : repriced);
        row.setObject(21, utc(event.timestamp()));
        row.setObject(22, event.id());
    }

    private static LogEntry read(ResultSet row, int number) throws SQLException {
        long promptTokens = row.getLong("prompt_tokens");
        long completionTokens = row.getLong("completion_tokens");
        var cost = row.getBigDecimal("cost");
        var repriced = row.getBigDecimal("repriced_cost");
        return new LogEntry(
                row.getString("request_id"),
                row.getString("completion_id"),
                row.getObject("finished_at", OffsetDateTime.class).toInstant(),
                row.getString("door"),
                row.getString("endpoint"),
                row.getString("key_name"),
                row.getString("model"),
                row.getString("provider"),
                row.getBoolean("streamed"),
                row.getInt("status_code"),
                row.getString("error_code"),
                row.getDouble("latency_ms"),
                row.getObject("first_token_ms", Double.class),
                promptTokens,
                completionTokens,
                row.getLong("cached_tokens"),
                row.getLong("reasoning_tokens"),
                promptTokens + completionTokens,
                cost.stripTrailingZeros(),
                repriced == null ? cost.stripTrailingZeros() : repriced.stripTrailingZeros(),
                row.getString("cache"));
    }

    /** Providers that were called besides the one that answered, each between bars; mostly there are none. */
    private static @Nullable String otherProviders(UsageEvent event) {
        if (event.calls().stream().allMatch(call -> call.provider().equals(event.provider()))) {
            return null;
        }
        var others = event.calls().stream()
                .map(UsageCall::provider)
                .filter(name -> !name.equals(event.provider()))
                .distinct()
                .map(RequestLog::listed)
                .collect(Collectors.joining());
        return others.substring(0, Math.min(others.length(), OTHER_PROVIDERS_LENGTH));
    }

    private static String listed(String provider) {
        return "|" + provider + "|";
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
