package dev.caravan.store;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.chat.Cancellation;
import dev.caravan.jobs.Claim;
import dev.caravan.jobs.ClaimStore;
import dev.caravan.jobs.ClaimStore.State;
import dev.caravan.jobs.Claims;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClaimTableTest {

    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final UUID BODY = UUID.randomUUID();
    private static final byte[] ANSWER = {1, 2, 3};

    private final UUID id = UUID.randomUUID();
    private Stored stored;
    private ClaimTable table;

    @BeforeEach
    void open(@TempDir Path folder) {
        stored = store(folder);
        table = table();
    }

    /** An empty database. */
    Stored store(Path folder) {
        return new Stored(folder);
    }

    @AfterEach
    void close() {
        stored.close();
    }

    @Test
    @DisplayName("F4 a request is claimed, its response stored and published, and then it is over for everybody")
    void goesItsWay() {
        var me = table.join("me", LEASE);

        assertThat(take(me, id, BODY, 0)).isInstanceOfSatisfying(Claim.Mine.class, mine -> {
            assertThat(mine.attempts()).isEqualTo(1);
            assertThat(mine.earlierUsage()).isNull();
        });
        var responseId = kept(me);
        assertThat(state()).isEqualTo(State.ANSWERED);
        mark(me, id, responseId, false);

        assertThat(state()).isEqualTo(State.PUBLISHED);
        assertThat(take(me, id, BODY, 0)).isInstanceOf(Claim.Over.class);
        assertThat(take(table.join("other", LEASE), id, BODY, 0)).isInstanceOf(Claim.Over.class);
        assertThat(count("job_response"))
                .as("what is published need not be kept")
                .isZero();
    }

    @Test
    @DisplayName(
            "F4 what a living instance works on is held; when its lease has ended another takes it over, and it changes nothing any more")
    void takesOverFromTheDead() {
        var dead = table.join("dead", Duration.ZERO);
        var living = table.join("living", LEASE);
        var me = table.join("me", LEASE);
        var theirs = UUID.randomUUID();
        take(living, theirs, BODY, 0);
        assertThat(take(me, theirs, BODY, 0)).isInstanceOf(Claim.Held.class);

        take(dead, id, BODY, 0);
        assertThat(take(me, id, BODY, 0))
                .isInstanceOfSatisfying(
                        Claim.Mine.class, mine -> assertThat(mine.attempts()).isEqualTo(2));
        assertThat(keep(dead, id, ANSWER)).as("fenced off").isNull();
        assertThat(defer(dead, id, 1, 1)).isFalse();
        mark(dead, id, 1, false);
        assertThat(state()).isEqualTo(State.CLAIMED);
        assertThat(count("job_response")).isZero();
        assertThat(keep(me, id, ANSWER)).isNotNull();
    }

    @Test
    @DisplayName(
            "F4 an instance that starts again under its name finds its own claims free, though its lease has not ended")
    void freesItsOwnClaims() {
        var before = table.join("me", LEASE);
        take(before, id, BODY, 0);

        var after = table.join("me", LEASE);

        assertThat(after).isGreaterThan(before);
        assertThat(take(after, id, BODY, 0)).isInstanceOf(Claim.Mine.class);
        assertThat(table.renew(before, LEASE)).isFalse();
        assertThat(table.renew(after, LEASE)).isTrue();
    }

    @Test
    @DisplayName("F4 a stored response of any size is published by whoever takes over, to the byte")
    void keepsResponses() {
        var answer = new byte[5_000_001];
        new Random(1).nextBytes(answer);
        var dead = table.join("dead", LEASE);
        take(dead, id, BODY, 0);
        var responseId = requireNonNull(keep(dead, id, answer));
        table.leave(dead);

        var me = table.join("me", LEASE);
        assertThat(take(me, id, BODY, 0)).isInstanceOfSatisfying(Claim.Kept.class, kept -> {
            assertThat(kept.responseId()).isEqualTo(responseId);
            assertThat(Arrays.equals(kept.answer(), answer)).isTrue();
        });
        mark(dead, id, responseId, false);
        assertThat(state()).as("fenced off").isEqualTo(State.ANSWERED);
        assertThat(take(me, id, BODY, 0)).as("again by the same").isInstanceOf(Claim.Kept.class);
        mark(me, id, responseId, false);
        assertThat(state()).isEqualTo(State.PUBLISHED);
    }

    @Test
    @DisplayName("F4 a known id with another body is a conflict, whatever became of the first")
    void seesConflicts() {
        var me = table.join("me", LEASE);
        take(me, id, BODY, 0);
        assertThat(take(me, id, UUID.randomUUID(), 0)).isInstanceOf(Claim.Conflict.class);
        mark(me, id, kept(me), false);
        assertThat(take(me, id, UUID.randomUUID(), 0)).isInstanceOf(Claim.Conflict.class);
        assertThat(take(me, id, BODY, 0)).isInstanceOf(Claim.Over.class);
    }

    @Test
    @DisplayName("F4 what was put on the retry topic is taken from there alone, with its count and the usage of before")
    void deferred() {
        var me = table.join("me", LEASE);
        take(me, id, BODY, 0);
        assertThat(defer(me, id, 1, 1)).isTrue();

        assertThat(take(me, id, BODY, 0)).as("the old record").isInstanceOf(Claim.Over.class);
        assertThat(take(table.join("other", LEASE), id, BODY, 1)).isInstanceOfSatisfying(Claim.Mine.class, mine -> {
            assertThat(mine.attempts()).isEqualTo(2);
            assertThat(mine.earlierUsage()).isEqualTo(new byte[] {7});
        });
    }

    @Test
    @DisplayName("F4 a dead letter is over until it is revived; what was answered stays so")
    void revives() {
        var me = table.join("me", LEASE);
        take(me, id, BODY, 0);
        mark(me, id, kept(me), true);
        assertThat(state()).isEqualTo(State.DEAD);
        assertThat(take(me, id, BODY, 0)).isInstanceOf(Claim.Over.class);

        assertThat(table.revive(id)).isTrue();
        assertThat(table.revive(id)).as("its record may not have been sent").isTrue();
        assertThat(state()).isEqualTo(State.REPLAYED);
        assertThat(take(me, id, BODY, 0))
                .isInstanceOfSatisfying(
                        Claim.Mine.class, mine -> assertThat(mine.attempts()).isEqualTo(1));
        assertThat(table.revive(id)).isFalse();
        mark(me, id, kept(me), false);
        assertThat(table.revive(id)).isFalse();
        assertThat(table.revive(UUID.randomUUID())).as("forgotten").isTrue();
    }

    @Test
    @DisplayName("F4 rows that have not changed for long are forgotten, and no others")
    void forgets() {
        var old =
                new ClaimTable(stored.jdbc, stored.transactions, Clock.offset(Clock.systemUTC(), Duration.ofDays(-9)));
        var me = table.join("me", LEASE);
        var before = old.join("before", LEASE);
        var ids = IntStream.range(0, 1000).mapToObj(_ -> UUID.randomUUID()).toList();
        var takes = ids.stream().map(each -> new ClaimStore.Take(each, BODY, 0)).toList();
        old.run(before, new ClaimStore.Batch(takes, List.of(), List.of(), List.of()));
        old.run(
                before,
                new ClaimStore.Batch(
                        List.of(), List.of(new ClaimStore.Keep(ids.getFirst(), ANSWER)), List.of(), List.of()));
        take(me, id, BODY, 0);
        kept(me);

        assertThat(table.forget(Instant.now().minus(Duration.ofDays(8)))).isEqualTo(1000);
        assertThat(count("job_claim")).isEqualTo(1);
        assertThat(count("job_response")).isEqualTo(1);
    }

    @Test
    @DisplayName("F4 instances that want the same requests at the same time get each of them once")
    void sharesOut() throws Exception {
        var ids = IntStream.range(0, 500).mapToObj(_ -> UUID.randomUUID()).toList();
        var mine = new AtomicInteger();
        try (var threads = Executors.newFixedThreadPool(4)) {
            var tasks = IntStream.range(0, 4)
                    .mapToObj(i -> threads.submit(() -> {
                        var own = table();
                        var incarnation = own.join("node-" + i, LEASE);
                        var shuffled = new ArrayList<>(ids);
                        Collections.shuffle(shuffled, new Random(i));
                        for (var from = 0; from < shuffled.size(); from += 50) {
                            var takes = shuffled.subList(from, from + 50).stream()
                                    .map(each -> new ClaimStore.Take(each, BODY, 0))
                                    .toList();
                            own
                                    .run(incarnation, new ClaimStore.Batch(takes, List.of(), List.of(), List.of()))
                                    .claims()
                                    .stream()
                                    .filter(Claim.Mine.class::isInstance)
                                    .forEach(_ -> mine.incrementAndGet());
                        }
                        return null;
                    }))
                    .toList();
            for (var task : tasks) {
                task.get();
            }
        }
        assertThat(mine).hasValue(500);
    }

    @Test
    @DisplayName("F4 many jobs at once share transactions: claimed, stored, marked, some thousand a second")
    void sharesTransactions() throws Exception {
        var jobs = 20_000;
        var answer = new byte[1500];
        new Random(1).nextBytes(answer);
        try (var claims = new Claims(table, "me");
                var threads =
                        Executors.newFixedThreadPool(1000, Thread.ofVirtual().factory())) {
            for (var round = 0; round < 2; round++) {
                var begin = System.nanoTime();
                var tasks = IntStream.range(0, jobs)
                        .mapToObj(_ -> threads.submit(() -> {
                            var each = UUID.randomUUID();
                            assertThat(claims.take(each, BODY, 0)).isInstanceOf(Claim.Mine.class);
                            var responseId = requireNonNull(claims.keep(each, answer));
                            claims.mark(each, BODY, responseId, false);
                            return null;
                        }))
                        .toList();
                for (var task : tasks) {
                    task.get();
                }
                var seconds = (System.nanoTime() - begin) / 1e9;
                System.out.printf("%s: %,.0f jobs/s%n", getClass().getSimpleName(), jobs / seconds);
                assertThat(jobs / seconds).isGreaterThan(500);
            }
        }
        assertThat(count("job_claim")).isEqualTo(2 * jobs);
        assertThat(count("job_response")).isZero();
    }

    @Test
    @DisplayName("F4 within a process one job at a time works on an id; who waits for too long goes")
    void keepsOthersOut() {
        var going = new Cancellation();
        try (var claims = new Claims(table, "me")) {
            assertThat(claims.enter(id, LEASE, going)).isTrue();
            assertThat(claims.enter(id, Duration.ofMillis(10), going)).isFalse();
            claims.leave(id);
            assertThat(claims.enter(id, Duration.ofMillis(10), going)).isTrue();
            going.cancel(Cancellation.Reason.DRAINING);
            assertThat(claims.enter(id, LEASE, going)).isFalse();
        }
    }

    @Test
    @DisplayName("F4 a database that is away is told as such, and nobody waits for ever")
    void away() {
        var claims = new Claims(table, "me");
        stored.dataSource.close();
        assertThatThrownBy(() -> claims.take(id, BODY, 0)).isInstanceOf(ClaimStore.Away.class);
        claims.close();
        assertThatThrownBy(() -> claims.take(id, BODY, 0)).isInstanceOf(IllegalStateException.class);
    }

    private ClaimTable table() {
        return new ClaimTable(stored.jdbc, stored.transactions, Clock.systemUTC());
    }

    private Claim take(long incarnation, UUID each, UUID content, int round) {
        return run(incarnation, List.of(new ClaimStore.Take(each, content, round)), List.of(), List.of(), List.of())
                .claims()
                .getFirst();
    }

    private @Nullable Long keep(long incarnation, UUID each, byte[] answer) {
        return run(incarnation, List.of(), List.of(new ClaimStore.Keep(each, answer)), List.of(), List.of())
                .kept()
                .getFirst();
    }

    private long kept(long incarnation) {
        return requireNonNull(keep(incarnation, id, ANSWER));
    }

    private boolean defer(long incarnation, UUID each, int round, int attempts) {
        var defer = new ClaimStore.Defer(each, round, attempts, new byte[] {7});
        return run(incarnation, List.of(), List.of(), List.of(defer), List.of())
                .deferred()
                .getFirst();
    }

    private void mark(long incarnation, UUID each, long responseId, boolean dead) {
        run(incarnation, List.of(), List.of(), List.of(), List.of(new ClaimStore.Mark(each, responseId, dead)));
    }

    private ClaimStore.Results run(
            long incarnation,
            List<ClaimStore.Take> takes,
            List<ClaimStore.Keep> keeps,
            List<ClaimStore.Defer> defers,
            List<ClaimStore.Mark> marks) {
        return table.run(incarnation, new ClaimStore.Batch(takes, keeps, defers, marks));
    }

    private @Nullable State state() {
        return table.states(List.of(id)).get(id);
    }

    private long count(String name) {
        return requireNonNull(stored.jdbc.queryForObject("SELECT COUNT(*) FROM " + name, Long.class));
    }
}
