package dev.caravan.chaos;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BrokerKilledIT extends Scenario {

    @Test
    @DisplayName(
            "F4 kill -9 of the broker with its Kafka and its database, at random moments: every request is answered, repeats are the same bytes")
    void killsOfTheBroker() {
        var ports = ports();
        var broker = serving(folder, ports);
        try (var batch = new Batch(broker.kafka())) {
            var sender = sendOver(whileKilled(KILLS, 8), batch);
            for (var kill = 0; kill < KILLS; kill++) {
                pause(1000 + random.nextInt(4000));
                kill(broker);
                broker = serving(folder, ports);
            }
            awaitAll(sender, batch);
            report("kill -9 of the broker with embedded Kafka and H2, " + times(KILLS), batch, true);
            askedAgainOnlyWhatWasInFlight();
        } finally {
            broker.close();
        }
    }
}
