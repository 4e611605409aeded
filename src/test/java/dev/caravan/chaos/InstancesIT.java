package dev.caravan.chaos;

import dev.caravan.testing.BrokerProcess;
import dev.caravan.testing.KafkaProcess;
import dev.caravan.testing.Postgres;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Two instances on one PostgreSQL and one Kafka. */
class InstancesIT extends Scenario {

    @Test
    @DisplayName(
            "F4 F6 two instances on one PostgreSQL and one Kafka: kill -9 of one of them, then of Kafka, at random moments")
    void killsOfOneOfTwo() {
        try (var kafka = KafkaProcess.start(folder.resolve("kafka"))) {
            var shared = shared(kafka.bootstrapServers(), Postgres.shared().newDatabase());
            var names = new String[] {"one", "two"};
            var brokers = new BrokerProcess[] {
                serving(folder.resolve(names[0]), shared), serving(folder.resolve(names[1]), shared)
            };
            try (var batch = new Batch(kafka.bootstrapServers())) {
                var sender = sendOver(whileKilled(KILLS, 6), batch);
                for (var kill = 0; kill < KILLS; kill++) {
                    pause(1000 + random.nextInt(4000));
                    var which = random.nextInt(2);
                    kill(brokers[which]);
                    pause(random.nextInt(3000));
                    brokers[which] = serving(folder.resolve(names[which]), shared);
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
            } finally {
                brokers[0].close();
                brokers[1].close();
            }
        }
    }

    @Test
    @EnabledIfSystemProperty(
            named = "chaos.jobs",
            matches = ".+",
            disabledReason = "each coming and going takes seconds, so bench/chaos has it")
    @DisplayName("F4 F6 while an instance comes and goes again and again, nothing is lost, repeated or asked again")
    void rebalanceStorm() {
        try (var kafka = KafkaProcess.start(folder.resolve("kafka"))) {
            var shared = shared(kafka.bootstrapServers(), Postgres.shared().newDatabase());
            try (var stays = serving(folder.resolve("stays"), shared);
                    var batch = new Batch(kafka.bootstrapServers())) {
                var sender = sendOver(whileKilled(KILLS, 5), batch);
                for (var i = 0; i < KILLS; i++) {
                    try (var goes = serving(folder.resolve("goes"), shared)) {
                        pause(random.nextInt(2000));
                        goes.terminate();
                        goes.exitCode(Duration.ofSeconds(60));
                    }
                }
                awaitAll(sender, batch);
                report("an instance beside another came and went, " + times(KILLS), batch, false);
                askedAgainOnlyWhatWasInFlight();
                stays.terminate();
            }
        }
    }
}
