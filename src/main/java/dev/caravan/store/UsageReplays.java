package dev.caravan.store;

import dev.caravan.usage.SecondCost;
import dev.caravan.usage.UsageEvent;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Statistics that are rebuilt beside those that are shown, and take their place when they are complete: one at a time for
 * all instances on a database. From its beginning on, events that come in are added to both by {@link HourlyStatistics}.
 * So it is complete when it has been given what stood on the topic at any moment after that. Thread-safe. A database that
 * is away is a {@link DataAccessException}; nothing is half done then, and the same call can be repeated.
 */
public class UsageReplays {

    /** An instance that has made no step for so long is taken for dead, and another one may begin. */
    static final Duration LEASE = Duration.ofMinutes(2);

    private static final long EVERYTHING = -9223372036854775807L;
    private static final int REASON_LENGTH = 1000;

    private final JdbcTemplate jdbc;
    private final TransactionOperations transactions;
    private final Generations generations;
    private final GenerationTables tables;
    private final String owner;
    private final Clock clock;

    /** @param owner the name of this instance, the same after a restart */
    public UsageReplays(JdbcTemplate jdbc, TransactionOperations transactions, String owner, Clock clock) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.generations = new Generations(jdbc);
        this.tables = new GenerationTables(jdbc);
        this.owner = owner;
        this.clock = clock;
    }

    /**
     * Begins one, unless one is running.
     *
     * @param from the hour it begins with; sums of the hours before are taken over as they are; null: there are none
     * @return its id; empty if one is running
     */
    public Optional<Long> begin(@Nullable Instant from, boolean reprice) {
        var id = Optional.ofNullable(transactions.execute(tx -> {
            var state = generations.lock();
            if (state.building() != null && !abandoned(state.building().generation())) {
                return null;
            }
            return create(state, from == null ? null : from.truncatedTo(ChronoUnit.HOURS), reprice);
        }));
        id.ifPresent(begun -> tables.deleteOld());
        return id;
    }

    /**
     * Adds events to it that were read from the topic, each event once however often it comes.
     *
     * @param read records gone through so far
     * @param total records there are
     * @return false if it is not being built any more: it was taken for dead
     */
    public boolean add(long id, List<UsageEvent> events, SecondCost second, long read, long total) {
        return Boolean.TRUE.equals(transactions.execute(tx -> {
            var state = generations.lock();
            if (!state.builds(id)) {
                return false;
            }
            tables.add(id, Objects.requireNonNull(state.building()).horizon(), events, second);
            jdbc.update(
                    "UPDATE usage_replay SET heard_at = ?, records_read = ?, records_total = ? WHERE generation = ?",
                    now(),
                    read,
                    total,
                    id);
            return true;
        }));
    }

    /** It is complete: its sums are shown from now on. Returns false if it is not being built any more. */
    public boolean finish(long id) {
        var finished = transactions.execute(tx -> {
            var state = generations.lock();
            if (!state.builds(id)) {
                return state.live() == id;
            }
            var before = tables.requests().total(state.live());
            var after = tables.requests().total(id);
            generations.swap();
            jdbc.update(
                    """
                    UPDATE usage_replay SET status = ?, heard_at = ?, requests_before = ?, cost_before = ?,
                        repriced_before = ?, requests_after = ?, cost_after = ?, repriced_after = ? WHERE generation = ?""",
                    UsageReplay.State.DONE.ordinal(),
                    now(),
                    before.totalRequests(),
                    before.totalCost(),
                    before.totalRepricedCost(),
                    after.totalRequests(),
                    after.totalCost(),
                    after.totalRepricedCost(),
                    id);
            return true;
        });
        tables.deleteOld();
        return Boolean.TRUE.equals(finished);
    }

    /** Gives it up; what is shown stays. Nothing happens if it has ended. */
    public void fail(long id, String reason) {
        transactions.executeWithoutResult(tx -> giveUp(generations.lock(), id, reason));
        tables.deleteOld();
    }

    /** Gives up what an earlier life of this instance was at when it ended. For its start. */
    public void failOwn() {
        var own = jdbc.queryForList(
                "SELECT generation FROM usage_replay WHERE owner = ? AND status = ?",
                Long.class,
                owner,
                UsageReplay.State.RUNNING.ordinal());
        own.forEach(id -> fail(id, "The broker ended in the middle of it."));
    }

    /** Gives up what a dead instance has left. For a scheduler: until then events are added to it for nothing. */
    public void failAbandoned() {
        transactions.executeWithoutResult(tx -> {
            var state = generations.lock();
            if (state.building() != null && abandoned(state.building().generation())) {
                giveUp(state, state.building().generation(), "Its instance has gone.");
            }
        });
        tables.deleteOld();
    }

    /** The last one that began. */
    public Optional<UsageReplay> latest() {
        return jdbc
                .query("SELECT * FROM usage_replay ORDER BY generation DESC LIMIT 1", (row, number) -> read(row))
                .stream()
                .findFirst();
    }

    private long create(Generations.State state, @Nullable Instant from, boolean reprice) {
        if (state.building() != null) {
            giveUp(state, state.building().generation(), "Its instance has gone.");
        }
        long id = 1
                + Objects.requireNonNull(
                        jdbc.queryForObject("SELECT COALESCE(MAX(generation), 0) FROM usage_replay", Long.class));
        // what ended before is in the copy; the ids of older events than the live horizon are gone
        long horizon = from == null ? EVERYTHING : Math.min(from.getEpochSecond(), state.horizon());
        jdbc.update(
                """
                INSERT INTO usage_replay (generation, owner, from_hour, repriced, status, started_at, heard_at,
                    records_read, records_total) VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0)""",
                id,
                owner,
                from == null ? null : from.atOffset(ZoneOffset.UTC),
                reprice,
                UsageReplay.State.RUNNING.ordinal(),
                now(),
                now());
        generations.build(new Generations.Building(id, horizon, reprice));
        if (from != null) {
            tables.copy(state.live(), id, from);
        }
        return id;
    }

    private void giveUp(Generations.State state, long id, String reason) {
        jdbc.update(
                "UPDATE usage_replay SET status = ?, heard_at = ?, reason = ? WHERE generation = ? AND status = ?",
                UsageReplay.State.FAILED.ordinal(),
                now(),
                reason.substring(0, Math.min(reason.length(), REASON_LENGTH)),
                id,
                UsageReplay.State.RUNNING.ordinal());
        if (state.builds(id)) {
            generations.dropBuilding();
        }
    }

    private boolean abandoned(long id) {
        var heard = Objects.requireNonNull(jdbc.queryForObject(
                "SELECT heard_at FROM usage_replay WHERE generation = ?", OffsetDateTime.class, id));
        return heard.toInstant().isBefore(clock.instant().minus(LEASE));
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }

    private static UsageReplay read(ResultSet row) throws SQLException {
        var from = row.getObject("from_hour", OffsetDateTime.class);
        return new UsageReplay(
                row.getLong("generation"),
                UsageReplay.State.values()[row.getInt("status")],
                from == null ? null : from.toInstant(),
                row.getBoolean("repriced"),
                row.getObject("started_at", OffsetDateTime.class).toInstant(),
                row.getObject("heard_at", OffsetDateTime.class).toInstant(),
                row.getLong("records_read"),
                row.getLong("records_total"),
                sums(
                        row.getObject("requests_before", Long.class),
                        row.getBigDecimal("cost_before"),
                        row.getBigDecimal("repriced_before")),
                sums(
                        row.getObject("requests_after", Long.class),
                        row.getBigDecimal("cost_after"),
                        row.getBigDecimal("repriced_after")),
                row.getString("reason"));
    }

    private static UsageReplay.@Nullable Sums sums(
            @Nullable Long requests, @Nullable BigDecimal cost, @Nullable BigDecimal repriced) {
        return requests == null || cost == null || repriced == null
                ? null
                : new UsageReplay.Sums(requests, cost.stripTrailingZeros(), repriced.stripTrailingZeros());
    }
}
