package dev.caravan.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.testing.BrokerProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** No file of the broker can grow, as on a full disk. */
class DiskFullIT extends Scenario {

    /** With time to close in order. */
    private static final Duration NOTICED_WITHIN = Duration.ofSeconds(40);

    private static final Duration WHILE = Duration.ofSeconds(LONG ? 12 : 4);

    @Test
    @DisplayName(
            "F4 F7 on a full disk jobs wait for the database and go on when there is room; without its Kafka the broker ends by itself and says why, and started again it answers each")
    void diskFull() throws Exception {
        var ports = ports();
        var broker = serving(folder, ports);
        try {
            databaseGoesOn(broker);
            provider.forget();
            broker = endsWithItsKafka(broker, ports);
        } finally {
            broker.close();
        }
    }

    /** Kafka's files are small yet, so that only those of the database are at their limit. */
    private void databaseGoesOn(BrokerProcess broker) throws Exception {
        try (var batch = new Batch(broker.kafka())) {
            var sender = sendOver(WHILE, batch, "small-", 0);
            pause(1000);
            limitFiles(broker, "200000");
            await("the database fails")
                    .atMost(NOTICED_WITHIN)
                    .until(() -> broker.log().contains("The claims of jobs cannot be written"));
            died(NOTICED_WITHIN);
            pause(LONG ? AWAY_SECONDS * 1000 : 1000);
            limitFiles(broker, "unlimited");
            awaitAll(sender, batch);
            report("disk full under the embedded database, for a while", batch, false);
            askedAgainOnlyWhatWasInFlight();
        }
    }

    private BrokerProcess endsWithItsKafka(BrokerProcess broker, Map<String, String> ports) throws Exception {
        try (var batch = new Batch(broker.kafka())) {
            var sender = sendOver(WHILE, batch, "large-", 20_000);
            pause(1000);
            limitFiles(broker, "300000");
            assertThat(broker.exitCode(NOTICED_WITHIN)).isEqualTo(1);
            died(NOTICED_WITHIN);
            assertThat(broker.log().lines().filter(line -> line.contains("The broker stops with status 1")))
                    .singleElement()
                    .asString()
                    .contains("embedded Kafka")
                    .contains("MB of room");
            var again = serving(folder, ports);
            awaitAll(sender, batch);
            report("disk full under embedded Kafka and database, which ended it; started again", batch, true);
            askedAgainOnlyWhatWasInFlight();
            return again;
        }
    }

    /** What a full disk does to a program: its files stay as they are, and cannot grow. */
    private static void limitFiles(BrokerProcess broker, String bytes) throws IOException, InterruptedException {
        var prlimit = new ProcessBuilder("prlimit", "--pid", String.valueOf(broker.pid()), "--fsize=" + bytes + ":")
                .inheritIO()
                .start();
        assertThat(prlimit.waitFor()).isZero();
    }
}
