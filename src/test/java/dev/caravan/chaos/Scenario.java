package dev.caravan.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.testing.BrokerProcess;
import dev.caravan.testing.KafkaProcess;
import dev.caravan.testing.Postgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pulls plugs while jobs run, then counts. Short by default; {@code bench/chaos} runs the long form by the system
 * properties {@code chaos.jobs}, {@code chaos.kills} and {@code chaos.away}.
 */
class ChaosIT {

    private static final int JOBS = Integer.getInteger("chaos.jobs", 600);
    private static final int KILLS = Integer.getInteger("chaos.kills", 1);
    private static final int AWAY_SECONDS = Integer.getInteger("chaos.away", 5);
    private static final Duration PATIENCE = Duration.ofSeconds(120L + JOBS / 20);
    private static final String MODEL = "counting:m";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    private final Random random = new Random(Long.getLong("chaos.seed", 1));
    private final CountingProvider provider = new CountingProvider(200);

    @Test
    @DisplayName(
            "F4 kill -9 of the broker with its Kafka and its database, at random moments: every request is answered, repeats are the same bytes")
    void killsOfTheBroker() {
        var ports = Map.of(
                "SERVER_PORT", String.valueOf(BrokerProcess.freePort()),
                "CARAVAN_KAFKA_PORT", String.valueOf(BrokerProcess.freePort()));
        var broker = serving(folder, ports);
        try (var batch = new Batch(broker.kafka())) {
            var sender = sendSlowly(batch, JOBS);
            for (var kill = 0; kill < KILLS; kill++) {
                pause(1000 + random.nextInt(4000));
                broker.kill();
                broker = serving(folder, ports);
            }
            join(sender);
            batch.flush();
            awaitAll(batch);
            report("kill -9 of the broker, embedded Kafka and H2, %d times".formatted(KILLS), batch, true);
        } finally {
            broker.close();
            provider.close();
        }
    }

    @Test
    @DisplayName(
            "F4 F6 two instances on one PostgreSQL and one Kafka: kill -9 of one of them, then of Kafka, at random moments")
    void killsOfOneOfTwo() throws Exception {
        try (var kafka = KafkaProcess.start(folder.resolve("kafka"))) {
            var shared = shared(kafka.bootstrapServers(), Postgres.shared().newDatabase());
            var brokers =
                    new BrokerProcess[] {serving(folder.resolve("one"), shared), serving(folder.resolve("two"), shared)
                    };
            try (var batch = new Batch(kafka.bootstrapServers())) {
                var sender = sendSlowly(batch, JOBS);
                for (var kill = 0; kill < KILLS; kill++) {
                    pause(1000 + random.nextInt(4000));
                    var which = random.nextInt(2);
                    brokers[which].kill();
                    pause(random.nextInt(3000));
                    brokers[which] = serving(folder.resolve(which == 0 ? "one" : "two"), shared);
                }
                pause(500);
                kafka.kill();
                pause(AWAY_SECONDS * 1000);
                kafka.startAgain();
                join(sender);
                batch.flush();
                awaitAll(batch);
                report("kill -9 of one of two instances, %d times, then of Kafka".formatted(KILLS), batch, true);
            } finally {
                brokers[0].close();
                brokers[1].close();
            }
        } finally {
            provider.close();
        }
    }

    @Test
    @DisplayName("F4 F6 while the database is away jobs wait; afterwards each is answered once")
    void databaseAway() throws Exception {
        var url = URI.create(Postgres.shared().newDatabase().substring("jdbc:".length()));
        try (var kafka = KafkaProcess.start(folder.resolve("kafka"));
                var database = new Breakable(url.getPort())) {
            var shared =
                    shared(kafka.bootstrapServers(), "jdbc:postgresql://127.0.0.1:" + database.port() + url.getPath());
            try (var broker = serving(folder.resolve("one"), shared);
                    var batch = new Batch(kafka.bootstrapServers())) {
                var sender = sendSlowly(batch, JOBS);
                pause(2000);
                database.cut();
                pause(AWAY_SECONDS * 1000);
                database.mend();
                join(sender);
                batch.flush();
                awaitAll(batch);
                report("database away for %d s".formatted(AWAY_SECONDS), batch, false);
                assertThat(broker.log().lines().filter(line -> line.contains("claims of jobs")))
                        .as("told once, and when it is back")
                        .hasSizeBetween(2, 4);
            }
        } finally {
            provider.close();
        }
    }

    @Test
    @EnabledIfSystemProperty(
            named = "chaos.jobs",
            matches = ".+",
            disabledReason = "it waits long, so bench/chaos has it")
    @DisplayName(
            "F4 F7 while no file of the broker can grow, as on a full disk, jobs wait or it stops; afterwards each is answered")
    void diskFull() throws Exception {
        var ports = Map.of(
                "SERVER_PORT", String.valueOf(BrokerProcess.freePort()),
                "CARAVAN_KAFKA_PORT", String.valueOf(BrokerProcess.freePort()));
        var broker = serving(folder, ports);
        try (var batch = new Batch(broker.kafka())) {
            var sender = sendSlowly(batch, JOBS);
            pause(2000);
            limitFiles(broker, "100000");
            pause(AWAY_SECONDS * 1000);
            var outcome = "";
            if (isAlive(broker)) {
                limitFiles(broker, "unlimited");
            }
            if (!isAllAnswered(broker, batch, sender)) {
                outcome = isAlive(broker) ? ", after which it hung and was killed" : ", which stopped it";
                broker.kill();
                broker = serving(folder, ports);
            }
            join(sender);
            batch.flush();
            awaitAll(batch);
            report("disk full for %d s%s".formatted(AWAY_SECONDS, outcome), batch, true);
        } finally {
            broker.close();
            provider.close();
        }
    }

    @Test
    @DisplayName(
            "F4 poison records, a record of 5 MB and 10,000 duplicates of an id hold up nothing and are answered once")
    void oddRecords() throws Exception {
        var broker = serving(folder, Map.of());
        try (broker;
                var batch = new Batch(broker.kafka())) {
            for (var i = 0; i < 10_000; i++) {
                batch.send(MODEL, "the-same");
            }
            batch.sendBody("poison-null", null);
            batch.sendBody("poison-json", "{\"model\":");
            batch.sendBody("poison-bytes", "\u0000\uFFFF[[[[[");
            batch.sendBody("poison-deep", "[".repeat(100_000));
            batch.sendBody(
                    "large",
                    "{\"model\":\"" + MODEL + "\",\"messages\":[{\"role\":\"user\",\"content\":\""
                            + "x".repeat(5_000_000) + "\"}]}");
            IntStream.range(0, JOBS).forEach(i -> batch.send(MODEL, "job-" + i));
            batch.flush();
            awaitAll(batch);

            var count = batch.count();
            assertThat(count.answered()).isEqualTo(JOBS + 6);
            assertThat(count.repeated()).isZero();
            assertThat(count.wrong())
                    .as("four poisons; the large one has another answer")
                    .isEqualTo(5);
            assertThat(provider.calls()).containsEntry("the-same", 1);
            tell("10,000 duplicates of an id, four poison records, one of 5 MB", batch, count);
        } finally {
            provider.close();
        }
    }

    private BrokerProcess serving(Path at, Map<String, String> environment) {
        var broker = BrokerProcess.serving(at, environment);
        if (!broker.admin("/admin/providers").contains("\"counting\"")) {
            tellProvider(broker);
        }
        return broker;
    }

    private void tellProvider(BrokerProcess broker) {
        try {
            var answer = HTTP.send(
                    broker.adminPost("/admin/providers", """
                            {"name":"counting","type":"openai-compatible","base_url":"%s"}""".formatted(provider.url()))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Map<String, String> shared(String kafka, String database) {
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

    /** Sends over as long as the plugs are pulled. */
    private Thread sendSlowly(Batch batch, int jobs) {
        var millis = KILLS * 3500L + 3000;
        return Thread.ofVirtual().start(() -> {
            var begin = System.nanoTime();
            for (var i = 0; i < jobs; i++) {
                batch.send(MODEL, "job-" + i);
                var due = begin + TimeUnit.MILLISECONDS.toNanos(millis * i / jobs);
                var left = due - System.nanoTime();
                if (left > 1_000_000) {
                    pause((int) (left / 1_000_000));
                }
            }
        });
    }

    private static void awaitAll(Batch batch) {
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .pollInterval(Duration.ofSeconds(1 + JOBS / 10_000))
                .untilAsserted(() -> assertThat(batch.answered()).isEqualTo(batch.sent()));
    }

    /** Whether all are answered without a new start, or it is clear that they will not be. */
    private static boolean isAllAnswered(BrokerProcess broker, Batch batch, Thread sender) {
        var ends = System.nanoTime() + Duration.ofSeconds(90).toNanos();
        while (System.nanoTime() < ends && isAlive(broker)) {
            try {
                if (!sender.isAlive() && batch.answered() == JOBS) {
                    return true;
                }
            } catch (KafkaException e) {
                // it is not there, for now
            }
            pause(1000);
        }
        return false;
    }

    private void report(String what, Batch batch, boolean killed) {
        var count = batch.count();
        tell(what, batch, count);
        assertThat(count.requests()).isEqualTo(JOBS);
        assertThat(count.answered()).as("lost").isEqualTo(JOBS);
        assertThat(count.wrong()).isZero();
        assertThat(count.unlike()).as("repeats that differ").isZero();
        assertThat(count.repeated()).isLessThanOrEqualTo(killed ? Math.max(2, JOBS / 1000) : 0);
        var again =
                provider.calls().values().stream().filter(calls -> calls > 1).count();
        assertThat(again).as("asked again: only what was in flight").isLessThanOrEqualTo(killed ? KILLS * 400L : 0);
    }

    private void tell(String what, Batch batch, Batch.Count count) {
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
                        calls.values().stream().filter(each -> each > 1).count());
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

    /** What a full disk does to a program: its files stay as they are, and cannot grow. */
    private static void limitFiles(BrokerProcess broker, String bytes) throws IOException, InterruptedException {
        var prlimit = new ProcessBuilder("prlimit", "--pid", String.valueOf(broker.pid()), "--fsize=" + bytes + ":")
                .inheritIO()
                .start();
        assertThat(prlimit.waitFor()).isZero();
    }

    private static boolean isAlive(BrokerProcess broker) {
        return ProcessHandle.of(broker.pid()).filter(ProcessHandle::isAlive).isPresent();
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pause(int millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
