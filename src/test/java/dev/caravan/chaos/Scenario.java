package dev.caravan.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.TestInstance.Lifecycle.PER_CLASS;

import dev.caravan.testing.BrokerProcess;
import dev.caravan.testing.Postgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What all who pull plugs have in common: a provider that counts, jobs sent over a time, and the count afterwards. Short by
 * default; {@code bench/chaos} runs the long form by the system properties {@code chaos.jobs}, {@code chaos.kills} and
 * {@code chaos.away}.
 */
@TestInstance(PER_CLASS)
abstract class Scenario {

    static final int JOBS = Integer.getInteger("chaos.jobs", 600);
    static final int KILLS = Integer.getInteger("chaos.kills", 1);
    static final int AWAY_SECONDS = Integer.getInteger("chaos.away", 5);

    /** Whether this is the long form. */
    static final boolean LONG = System.getProperty("chaos.jobs") != null;

    static final String MODEL = "counting:m";

    /** How long after an answer of the provider it may not be stored yet. */
    static final Duration ON_ITS_WAY = Duration.ofSeconds(3);

    private static final Duration PATIENCE = Duration.ofSeconds(120L + JOBS / 20);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    Path folder;

    final Random random = new Random(Long.getLong("chaos.seed", 1));
    final CountingProvider provider = new CountingProvider(200);
    private final Set<String> inFlight = new HashSet<>();

    /** Tests of a class that share a broker share the provider it knows. */
    @BeforeEach
    void countFromZero() {
        provider.forget();
        inFlight.clear();
    }

    @AfterAll
    void closeProvider() {
        provider.close();
    }

    /** Kills it, and notes what was being asked: only that may be asked again. */
    void kill(BrokerProcess broker) {
        broker.kill();
        died(ON_ITS_WAY);
    }

    /** A broker has died, and had stored nothing for a while before. */
    void died(Duration storedNothingFor) {
        inFlight.addAll(provider.askedWithin(storedNothingFor));
    }

    /** Ports that stay the same over several starts. */
    static Map<String, String> ports() {
        return Map.of(
                "SERVER_PORT", String.valueOf(BrokerProcess.freePort()),
                "CARAVAN_KAFKA_PORT", String.valueOf(BrokerProcess.freePort()));
    }

    /** What all instances on one Kafka and one database have in common. */
    static Map<String, String> shared(String kafka, String database) {
        return Map.of(
                "CARAVAN_KAFKA_BOOTSTRAP_SERVERS",
                kafka,
                "CARAVAN_DB_URL",
                database,
                "CARAVAN_DB_USER",
                Postgres.USER,
                "CARAVAN_DB_PASSWORD",
                "any",
                "CARAVAN_MASTER_KEY",
                "the master key of both");
    }

    static Map<String, String> plus(Map<String, String> some, String name, String value) {
        var all = new HashMap<>(some);
        all.put(name, value);
        return all;
    }

    /** A broker that serves and knows the provider. */
    BrokerProcess serving(Path at, Map<String, String> environment) {
        return serving(at, environment, "");
    }

    /** @param settings more fields of the provider, each with a comma in front */
    BrokerProcess serving(Path at, Map<String, String> environment, String settings) {
        var broker = BrokerProcess.serving(at, environment);
        if (!broker.admin("/admin/providers").contains("\"counting\"")) {
            tellProvider(broker, settings);
        }
        return broker;
    }

    private void tellProvider(BrokerProcess broker, String settings) {
        try {
            var answer = HTTP.send(
                    broker.adminPost("/admin/providers", """
                            {"name":"counting","type":"openai-compatible","base_url":"%s"%s}""".formatted(provider.url(), settings))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sends evenly over as long as plugs are pulled. */
    static Thread sendOver(Duration time, Batch batch) {
        return sendOver(time, batch, "job-", 0);
    }

    /**
     * The same for tests that send twice.
     *
     * @param prefix of their ids
     * @param more bytes in each
     */
    static Thread sendOver(Duration time, Batch batch, String prefix, int more) {
        return Thread.ofVirtual().start(() -> {
            var begin = System.nanoTime();
            for (var i = 0; i < JOBS; i++) {
                batch.send(MODEL, prefix + i, more);
                var due = begin + time.toNanos() * i / JOBS;
                var left = due - System.nanoTime();
                if (left > 1_000_000) {
                    pause((int) (left / 1_000_000));
                }
            }
        });
    }

    /** How long the sender is at it while something is killed so often. */
    static Duration whileKilled(int times, int secondsToComeBack) {
        return Duration.ofMillis(6500L + (times - 1) * (3000L + 1000L * secondsToComeBack));
    }

    /** Returns when all that was sent is answered. */
    void awaitAll(Thread sender, Batch batch) {
        join(sender);
        batch.flush();
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .pollInterval(Duration.ofSeconds(1 + JOBS / 10_000))
                .untilAsserted(() -> {
                    var left = batch.unanswered();
                    assertThat(left)
                            .as(() -> "unanswered; asked of the provider: " + provider.askedOf(left))
                            .isEmpty();
                });
    }

    /** What must hold whatever was killed; more may be held against it if nothing was. */
    void report(String what, Batch batch, boolean killed) {
        var count = batch.count();
        tell(what, count);
        assertThat(count.requests()).isEqualTo(JOBS);
        assertThat(count.answered()).as("lost").isEqualTo(JOBS);
        assertThat(count.wrong()).isZero();
        assertThat(count.unlike()).as("repeats that differ").isZero();
        assertThat(count.repeated()).as("repeated").isLessThan(killed ? Math.max(2, JOBS / 1000) : 1);
    }

    /** Nothing was asked again but what was in flight as a broker died. */
    void askedAgainOnlyWhatWasInFlight() {
        assertThat(inFlight).containsAll(provider.askedAgain());
    }

    void tell(String what, Batch.Count count) {
        var calls = provider.calls();
        var row = "| %s | %,d | %,d | %,d | %,d | %,d | %,d | %,d |"
                .formatted(
                        what,
                        count.requests(),
                        count.answered(),
                        count.requests() - count.answered(),
                        count.repeated(),
                        count.unlike(),
                        calls.values().stream().mapToInt(Integer::intValue).sum(),
                        provider.askedAgain().size());
        System.out.println(row);
        var table = System.getProperty("chaos.table");
        if (table != null) {
            try {
                Files.writeString(Path.of(table), row + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    static String times(int count) {
        return count == 1 ? "once" : count + " times";
    }

    static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static void pause(int millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
