package dev.caravan.chaos;

import dev.caravan.testing.BrokerProcess;
import dev.caravan.testing.KafkaProcess;
import dev.caravan.testing.Postgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Two instances on one PostgreSQL and one Kafka; the first is there all the time, and the last to be killed. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class InstancesIT extends Scenario {

    private static final int COMINGS = LONG ? KILLS : 2;

    private KafkaProcess kafka;
    private Map<String, String> shared;
    private BrokerProcess[] brokers;
    private Path[] folders;

    @BeforeAll
    void start(@TempDir Path home) {
        kafka = KafkaProcess.start(home.resolve("kafka"));
        shared = shared(kafka.bootstrapServers(), Postgres.shared().newDatabase());
        folders = new Path[] {home.resolve("one"), home.resolve("two")};
        brokers = new BrokerProcess[] {serving(folders[0], shared), serving(folders[1], shared)};
    }

    @AfterAll
    void stop() {
        kafka.close();
        for (var broker : brokers) {
            broker.close();
        }
    }

    @Test
    @Order(1)
    @DisplayName("F4 F6 while an instance comes and goes again and again, nothing is lost, repeated or asked again")
    void rebalanceStorm() {
        try (var batch = new Batch(kafka.bootstrapServers())) {
            var sender = sendOver(whileKilled(COMINGS, 5), batch, "storm-", 0);
            for (var i = 0; i < COMINGS; i++) {
                pause(random.nextInt(2000));
                brokers[1].terminate();
                brokers[1].exitCode(Duration.ofSeconds(60));
                brokers[1] = serving(folders[1], shared);
            }
            awaitAll(sender, batch);
            report("an instance beside another came and went, " + times(COMINGS), batch, false);
            askedAgainOnlyWhatWasInFlight();
        }
    }

    @Test
    @Order(2)
    @DisplayName(
            "F4 F6 two instances on one PostgreSQL and one Kafka: kill -9 of one of them, then of Kafka, at random moments")
    void killsOfOneOfTwo() {
        try (var batch = new Batch(kafka.bootstrapServers())) {
            var sender = sendOver(whileKilled(KILLS, 6), batch, "kill-", 0);
            for (var kill = 0; kill < KILLS; kill++) {
                pause(1000 + random.nextInt(4000));
                var which = random.nextInt(2);
                kill(brokers[which]);
                pause(random.nextInt(3000));
                brokers[which] = serving(folders[which], shared);
            }
            pause(500);
            kafka.kill();
            pause(AWAY_SECONDS * 1000);
            kafka.startAgain();
            awaitAll(sender, batch);
            report(
                    "kill -9 of one of two instances on PostgreSQL, %s, then of Kafka for %d s"
                            .formatted(times(KILLS), AWAY_SECONDS),
                    batch,
                    true);
            askedAgainOnlyWhatWasInFlight();
        }
    }
}
