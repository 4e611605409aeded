package dev.caravan.chaos;

import dev.caravan.testing.KafkaCluster;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class KafkaLeaderIT extends Scenario {

    private static final int TIMES = Math.max(1, KILLS / 4);

    @Test
    @DisplayName(
            "F4 kill -9 of the node of a Kafka of three that leads the requests: nothing is lost, repeated or asked again")
    void killsOfTheLeader() {
        try (var kafka = KafkaCluster.start(folder.resolve("kafka"), 3);
                var broker = serving(
                        folder.resolve("broker"), Map.of("CARAVAN_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers()));
                var batch = new Batch(kafka.bootstrapServers())) {
            var sender = sendOver(whileKilled(TIMES, LONG ? AWAY_SECONDS : 5), batch);
            for (var kill = 0; kill < TIMES; kill++) {
                pause(1000 + random.nextInt(2000));
                var leader = kafka.leaderOf("caravan.requests", random.nextInt(12));
                kafka.kill(leader);
                pause(LONG ? AWAY_SECONDS * 1000 : 1000);
                kafka.startAgain(leader);
                if (kill + 1 < TIMES) {
                    kafka.awaitInSync("caravan.requests");
                }
            }
            awaitAll(sender, batch);
            report("kill -9 of the leader in a Kafka of three nodes, " + times(TIMES), batch, false);
            askedAgainOnlyWhatWasInFlight();
            broker.terminate();
        }
    }
}
