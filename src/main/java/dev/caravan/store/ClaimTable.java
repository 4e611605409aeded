package dev.caravan.store;

import dev.caravan.jobs.Claim;
import dev.caravan.jobs.ClaimStore;
import java.io.ByteArrayOutputStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionOperations;

/**
 * The tables {@code job_claim}, {@code job_response} and {@code job_node}. Every change of a claim names the owner it
 * expects, so that whoever was overtaken changes nothing. Leases are measured by the clock of the database. Thread-safe.
 */
public final class ClaimTable implements ClaimStore {

    private static final int CLAIMED = State.CLAIMED.ordinal();
    private static final int ANSWERED = State.ANSWERED.ordinal();
    private static final int PUBLISHED = State.PUBLISHED.ordinal();
    private static final int WAITING = State.WAITING.ordinal();
    private static final int DEAD = State.DEAD.ordinal();
    private static final int REPLAYED = State.REPLAYED.ordinal();

    /** An incarnation has so many numbers for its responses. */
    private static final int RESPONSE_BITS = 40;

    private static final int PART = 1_000_000;
    private static final int AT_ONCE = 500;
    private static final int SLICES = 256;

    private record Row(
            UUID id,
            UUID content,
            int status,
            long owner,
            int attempts,
            int round,
            long responseId,
            byte @Nullable [] earlierUsage,
            long changedSecond,
            boolean ownerLives) {}

    private record Part(long responseId, int number, byte[] content) {}

    private final JdbcTemplate jdbc;
    private final TransactionOperations transactions;
    private final Clock clock;
    private final AtomicLong responses = new AtomicLong();

    /** @param clock by which rows grow old */
    public ClaimTable(JdbcTemplate jdbc, TransactionOperations transactions, Clock clock) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.clock = clock;
    }

    @Override
    public Results run(long incarnation, Batch batch) {
        try {
            return Objects.requireNonNull(transactions.execute(_ -> {
                var claims = take(incarnation, batch.takes());
                var kept = keep(incarnation, batch.keeps());
                var deferred = defer(incarnation, batch.defers());
                mark(incarnation, batch.marks());
                return new Results(claims, kept, deferred);
            }));
        } catch (TransactionException | DataAccessResourceFailureException e) {
            throw new Away(e);
        }
    }

    private List<Claim> take(long me, List<Take> takes) {
        if (takes.isEmpty()) {
            return List.of();
        }
        // in one order on all instances, or two of them may wait for each other
        var sorted = takes.stream().sorted(Comparator.comparing(Take::id)).toList();
        var inserted = update(
                """
                INSERT INTO job_claim (id, content, status, owner, attempts, round, changed_second)
                VALUES (?, ?, %d, ?, 1, ?, ?) ON CONFLICT DO NOTHING""".formatted(CLAIMED),
                sorted.stream()
                        .map(each -> values(each.id(), each.content(), me, each.round(), now()))
                        .toList());
        var claims = new HashMap<UUID, Claim>();
        var known = new ArrayList<Take>();
        for (var i = 0; i < sorted.size(); i++) {
            if (inserted[i] == 1) {
                claims.put(sorted.get(i).id(), new Claim.Mine(1, null));
            } else {
                known.add(sorted.get(i));
            }
        }
        claims.putAll(takeKnown(me, known));
        return takes.stream()
                .map(each -> Objects.requireNonNull(claims.get(each.id())))
                .toList();
    }

    private Map<UUID, Claim> takeKnown(long me, List<Take> takes) {
        var claims = new HashMap<UUID, Claim>();
        var rows = rows(takes.stream().map(Take::id).toList());
        var wanted = new ArrayList<Row>();
        for (var take : takes) {
            var row = rows.get(take.id());
            if (row == null) {
                claims.put(take.id(), new Claim.Held()); // forgotten this moment
            } else if (!row.content().equals(take.content())) {
                claims.put(take.id(), new Claim.Conflict());
            } else if (isOver(row, take)) {
                claims.put(take.id(), new Claim.Over(row.status() == PUBLISHED));
            } else if (row.ownerLives() && row.owner() != me && row.status() <= ANSWERED) {
                claims.put(take.id(), new Claim.Held());
            } else {
                wanted.add(row);
            }
        }
        var taken = update(
                """
                UPDATE job_claim SET owner = ?, status = ?, attempts = ?, changed_second = ?
                WHERE id = ? AND owner = ? AND status = ? AND attempts = ?""",
                wanted.stream()
                        .map(row -> values(
                                me,
                                taken(row),
                                attempts(row),
                                changed(row),
                                row.id(),
                                row.owner(),
                                row.status(),
                                row.attempts()))
                        .toList());
        for (var i = 0; i < wanted.size(); i++) {
            var row = wanted.get(i);
            claims.put(row.id(), taken[i] == 1 ? claim(row) : new Claim.Held());
        }
        return claims;
    }

    private static boolean isOver(Row row, Take take) {
        return row.status() == PUBLISHED
                || row.status() == DEAD
                || row.status() == WAITING && take.round() < row.round();
    }

    private static int taken(Row row) {
        return row.status() == ANSWERED ? ANSWERED : CLAIMED;
    }

    private static int attempts(Row row) {
        return row.status() == ANSWERED ? row.attempts() : row.attempts() + 1;
    }

    /** A stored answer stays as old as it is: that tells from when on it may have been published. */
    private long changed(Row row) {
        return row.status() == ANSWERED ? row.changedSecond() : now();
    }

    private Claim claim(Row row) {
        return row.status() == ANSWERED
                ? new Claim.Kept(
                        row.responseId(), response(row.responseId()), Instant.ofEpochSecond(row.changedSecond()))
                : new Claim.Mine(attempts(row), row.earlierUsage());
    }

    private List<@Nullable Long> keep(long me, List<Keep> keeps) {
        var numbers = keeps.stream()
                .map(_ -> (me << RESPONSE_BITS) + responses.incrementAndGet())
                .toList();
        var changed = update(
                "UPDATE job_claim SET status = %d, response_id = ?, changed_second = ? WHERE id = ? AND owner = ? AND status = %d"
                        .formatted(ANSWERED, CLAIMED),
                IntStream.range(0, keeps.size())
                        .mapToObj(
                                i -> values(numbers.get(i), now(), keeps.get(i).id(), me))
                        .toList());
        var parts = new ArrayList<Part>();
        var kept = new ArrayList<@Nullable Long>();
        for (var i = 0; i < keeps.size(); i++) {
            var mine = changed[i] == 1;
            kept.add(mine ? numbers.get(i) : null);
            if (mine) {
                parts.addAll(parts(numbers.get(i), keeps.get(i).answer()));
            }
        }
        update(
                "INSERT INTO job_response (response_id, part, content) VALUES (?, ?, ?)",
                parts.stream()
                        .map(part -> values(part.responseId(), part.number(), part.content()))
                        .toList());
        return Collections.unmodifiableList(kept);
    }

    private List<Boolean> defer(long me, List<Defer> defers) {
        var changed = update(
                """
                UPDATE job_claim SET status = %d, round = ?, attempts = ?, earlier_usage = ?, changed_second = ?
                WHERE id = ? AND owner = ? AND status = %d""".formatted(WAITING, CLAIMED),
                defers.stream()
                        .map(each -> values(each.round(), each.attempts(), each.usage(), now(), each.id(), me))
                        .toList());
        return Arrays.stream(changed).mapToObj(count -> count == 1).toList();
    }

    private void mark(long me, List<Mark> marks) {
        update(
                """
                UPDATE job_claim SET status = ?, response_id = NULL, earlier_usage = NULL, changed_second = ?
                WHERE id = ? AND owner = ? AND status = %d""".formatted(ANSWERED),
                marks.stream()
                        .map(each -> values(each.dead() ? DEAD : PUBLISHED, now(), each.id(), me))
                        .toList());
        update(
                "DELETE FROM job_response WHERE response_id = ?",
                marks.stream().map(each -> values(each.responseId())).toList());
    }

    @Override
    public long join(String node, Duration lease) {
        return Objects.requireNonNull(transactions.execute(_ -> {
            jdbc.update("UPDATE job_incarnation SET last = last + 1");
            long incarnation =
                    Objects.requireNonNull(jdbc.queryForObject("SELECT last FROM job_incarnation", Long.class));
            var known = jdbc.update(
                    "UPDATE job_node SET incarnation = ?, lease_until = CURRENT_TIMESTAMP + %s WHERE name = ?"
                            .formatted(seconds(lease)),
                    incarnation,
                    node);
            if (known == 0) {
                jdbc.update(
                        "INSERT INTO job_node (name, incarnation, lease_until) VALUES (?, ?, CURRENT_TIMESTAMP + %s)"
                                .formatted(seconds(lease)),
                        node,
                        incarnation);
            }
            return incarnation;
        }));
    }

    @Override
    public boolean renew(long incarnation, Duration lease) {
        return jdbc.update(
                        "UPDATE job_node SET lease_until = CURRENT_TIMESTAMP + %s WHERE incarnation = ?"
                                .formatted(seconds(lease)),
                        incarnation)
                == 1;
    }

    @Override
    public void leave(long incarnation) {
        jdbc.update("UPDATE job_node SET lease_until = CURRENT_TIMESTAMP WHERE incarnation = ?", incarnation);
    }

    @Override
    public boolean revive(UUID id) {
        var revived = jdbc.update(
                "UPDATE job_claim SET status = ?, attempts = 0, round = 0, changed_second = ? WHERE id = ? AND status IN (?, ?)",
                REPLAYED,
                now(),
                id,
                DEAD,
                REPLAYED);
        return revived == 1 || rows(List.of(id)).isEmpty();
    }

    @Override
    public Map<UUID, State> states(Collection<UUID> ids) {
        var states = new HashMap<UUID, State>();
        rows(List.copyOf(ids)).forEach((id, row) -> states.put(id, State.values()[row.status()]));
        return states;
    }

    /** In slices by id, each a short transaction of its own: there is no index by age. */
    @Override
    public int forget(Instant before) {
        var forgotten = 0;
        for (var slice = 0; slice < SLICES; slice++) {
            var first = new UUID((long) slice << 56, 0);
            var last = new UUID((long) slice << 56 | 0xFF_FFFF_FFFF_FFFFL, -1);
            forgotten += Objects.requireNonNull(
                    transactions.execute(_ -> forget(first, last, before.getEpochSecond())), "a count");
        }
        return forgotten;
    }

    private int forget(UUID first, UUID last, long second) {
        jdbc.update("""
                DELETE FROM job_response WHERE response_id IN (SELECT response_id FROM job_claim
                WHERE id >= ? AND id <= ? AND changed_second < ? AND response_id IS NOT NULL)""", first, last, second);
        return jdbc.update(
                "DELETE FROM job_claim WHERE id >= ? AND id <= ? AND changed_second < ?", first, last, second);
    }

    private Map<UUID, Row> rows(List<UUID> ids) {
        var rows = new HashMap<UUID, Row>();
        if (!ids.isEmpty()) {
            jdbc.query(
                    """
                    SELECT c.id, c.content, c.status, c.owner, c.attempts, c.round, c.response_id, c.earlier_usage, c.changed_second,
                        n.lease_until > CURRENT_TIMESTAMP AS lives
                    FROM job_claim c LEFT JOIN job_node n ON n.incarnation = c.owner WHERE c.id = ANY (?)""",
                    statement -> statement.setArray(1, statement.getConnection().createArrayOf("uuid", ids.toArray())),
                    row -> {
                        var found = row(row);
                        rows.put(found.id(), found);
                    });
        }
        return rows;
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getObject("id", UUID.class),
                row.getObject("content", UUID.class),
                row.getInt("status"),
                row.getLong("owner"),
                row.getInt("attempts"),
                row.getInt("round"),
                row.getLong("response_id"),
                row.getBytes("earlier_usage"),
                row.getLong("changed_second"),
                row.getBoolean("lives"));
    }

    private static List<Part> parts(long responseId, byte[] answer) {
        return IntStream.range(0, Math.ceilDiv(answer.length, PART))
                .mapToObj(i -> new Part(
                        responseId, i, Arrays.copyOfRange(answer, i * PART, Math.min(answer.length, (i + 1) * PART))))
                .toList();
    }

    private byte[] response(long responseId) {
        var parts = jdbc.query(
                "SELECT content FROM job_response WHERE response_id = ? ORDER BY part",
                (row, _) -> row.getBytes(1),
                responseId);
        var whole = new ByteArrayOutputStream();
        parts.forEach(whole::writeBytes);
        return whole.toByteArray();
    }

    private int[] update(String sql, List<@Nullable Object[]> rows) {
        var counts = new int[rows.size()];
        for (var from = 0; from < rows.size(); from += AT_ONCE) {
            var some = rows.subList(from, Math.min(rows.size(), from + AT_ONCE));
            System.arraycopy(jdbc.batchUpdate(sql, some), 0, counts, from, some.size());
        }
        return counts;
    }

    private static @Nullable Object[] values(@Nullable Object... values) {
        return values;
    }

    private static String seconds(Duration lease) {
        return "INTERVAL '" + lease.toSeconds() + "' SECOND";
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }
}
