package dev.caravan.store;

import dev.caravan.jobs.Claim;
import dev.caravan.jobs.ClaimStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
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

    private static final int SLICES = 256;

    private final JdbcTemplate jdbc;
    private final Batches batches;
    private final ResponseTable stored;
    private final NodeTable nodes;
    private final TransactionOperations transactions;
    private final Clock clock;
    private final AtomicLong responses = new AtomicLong();

    /** @param clock by which rows grow old */
    public ClaimTable(JdbcTemplate jdbc, TransactionOperations transactions, Clock clock) {
        this.jdbc = jdbc;
        this.batches = new Batches(jdbc);
        this.stored = new ResponseTable(jdbc, batches);
        this.nodes = new NodeTable(jdbc);
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
        var inserted = batches.update(
                """
                INSERT INTO job_claim (id, content, status, owner, attempts, round, changed_second)
                VALUES (?, ?, %d, ?, 1, ?, ?) ON CONFLICT DO NOTHING""".formatted(CLAIMED),
                sorted.stream()
                        .map(each -> Batches.values(each.id(), each.content(), me, each.round(), now()))
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
        var rows = ClaimRow.of(jdbc, takes.stream().map(Take::id).toList());
        var wanted = new ArrayList<ClaimRow>();
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
        var taken = batches.update(
                """
                UPDATE job_claim SET owner = ?, status = ?, attempts = ?, changed_second = ?
                WHERE id = ? AND owner = ? AND status = ? AND attempts = ?""",
                wanted.stream()
                        .map(row -> Batches.values(
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

    private static boolean isOver(ClaimRow row, Take take) {
        return row.status() == PUBLISHED
                || row.status() == DEAD
                || row.status() == WAITING && take.round() < row.round();
    }

    private static int taken(ClaimRow row) {
        return row.status() == ANSWERED ? ANSWERED : CLAIMED;
    }

    private static int attempts(ClaimRow row) {
        return row.status() == ANSWERED ? row.attempts() : row.attempts() + 1;
    }

    /** A stored answer stays as old as it is: that tells from when on it may have been published. */
    private long changed(ClaimRow row) {
        return row.status() == ANSWERED ? row.changedSecond() : now();
    }

    private Claim claim(ClaimRow row) {
        return row.status() == ANSWERED
                ? new Claim.Kept(
                        row.responseId(), stored.read(row.responseId()), Instant.ofEpochSecond(row.changedSecond()))
                : new Claim.Mine(attempts(row), row.earlierUsage());
    }

    private List<@Nullable Long> keep(long me, List<Keep> keeps) {
        var numbers = keeps.stream()
                .map(_ -> (me << RESPONSE_BITS) + responses.incrementAndGet())
                .toList();
        var changed = batches.update(
                "UPDATE job_claim SET status = %d, response_id = ?, changed_second = ? WHERE id = ? AND owner = ? AND status = %d"
                        .formatted(ANSWERED, CLAIMED),
                IntStream.range(0, keeps.size())
                        .mapToObj(i -> Batches.values(
                                numbers.get(i), now(), keeps.get(i).id(), me))
                        .toList());
        var answers = new LinkedHashMap<Long, byte[]>();
        var kept = new ArrayList<@Nullable Long>();
        for (var i = 0; i < keeps.size(); i++) {
            var mine = changed[i] == 1;
            kept.add(mine ? numbers.get(i) : null);
            if (mine) {
                answers.put(numbers.get(i), keeps.get(i).answer());
            }
        }
        stored.add(answers);
        return Collections.unmodifiableList(kept);
    }

    private List<Boolean> defer(long me, List<Defer> defers) {
        var changed = batches.update(
                """
                UPDATE job_claim SET status = %d, round = ?, attempts = ?, earlier_usage = ?, changed_second = ?
                WHERE id = ? AND owner = ? AND status = %d""".formatted(WAITING, CLAIMED),
                defers.stream()
                        .map(each -> Batches.values(each.round(), each.attempts(), each.usage(), now(), each.id(), me))
                        .toList());
        return Arrays.stream(changed).mapToObj(count -> count == 1).toList();
    }

    private void mark(long me, List<Mark> marks) {
        batches.update(
                """
                UPDATE job_claim SET status = ?, response_id = NULL, earlier_usage = NULL, changed_second = ?
                WHERE id = ? AND owner = ? AND status = %d""".formatted(ANSWERED),
                marks.stream()
                        .map(each -> Batches.values(each.dead() ? DEAD : PUBLISHED, now(), each.id(), me))
                        .toList());
        stored.delete(marks.stream().map(Mark::responseId).toList());
    }

    @Override
    public long join(String node, Duration lease) {
        return Objects.requireNonNull(transactions.execute(_ -> nodes.join(node, lease)));
    }

    @Override
    public boolean renew(long incarnation, Duration lease) {
        return nodes.renew(incarnation, lease);
    }

    @Override
    public void leave(long incarnation) {
        nodes.leave(incarnation);
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
        return revived == 1 || ClaimRow.of(jdbc, List.of(id)).isEmpty();
    }

    @Override
    public Map<UUID, State> states(Collection<UUID> ids) {
        var states = new HashMap<UUID, State>();
        ClaimRow.of(jdbc, List.copyOf(ids)).forEach((id, row) -> states.put(id, State.values()[row.status()]));
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

    private long now() {
        return clock.instant().getEpochSecond();
    }
}
