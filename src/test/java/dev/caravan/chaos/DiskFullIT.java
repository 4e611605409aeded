package dev.caravan.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.testing.BrokerProcess;
import dev.caravan.testing.KafkaProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** No file of the broker can grow, as on a full disk. */
class DiskFullIT extends Scenario {

    /** From the first write that fails to the end of the process, with time to close in order. */
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(40);

    @Test
    @DisplayName(
            "F4 F7 on a full disk the broker with its own Kafka ends by itself and says why; started again, each job is answered")
    void diskOfKafkaAndDatabase() throws Exception {
        var ports = ports();
        var broker = serving(folder, ports);
        try (var batch = new Batch(broker.kafka())) {
            var sender = sendOver(Duration.ofMillis(6500), batch);
            pause(2000);
            limitFiles(broker, "100000");
            assertThat(broker.exitCode(ENDS_WITHIN)).isEqualTo(1);
            died(ENDS_WITHIN);
            assertThat(broker.log().lines().filter(line -> line.contains("The broker stops with status 1")))
                    .singleElement()
                    .asString()
                    .contains("embedded Kafka")
                    .contains("MB of room");
            pause(LONG ? AWAY_SECONDS * 1000 : 0);
            broker = serving(folder, ports);
            awaitAll(sender, batch);
            report("disk full under embedded Kafka and H2, which ended it; started again", batch, true);
            askedAgainOnlyWhatWasInFlight();
        } finally {
            broker.close();
        }
    }

    @Test
    @EnabledIfSystemProperty(
            named = "chaos.jobs",
            matches = ".+",
            disabledReason = "the build has the harder case; bench/chaos has both")
    @DisplayName("F4 F7 while the disk of the embedded database is full jobs wait; when there is room again they go on")
    void diskOfDatabase() throws Exception {
        try (var kafka = KafkaProcess.start(folder.resolve("kafka"));
                var broker = serving(
                        folder.resolve("broker"),
                        Map.of("CARAVAN_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers()));
                var batch = new Batch(kafka.bootstrapServers())) {
            var sender = sendOver(Duration.ofMillis(6500), batch);
            pause(2000);
            limitFiles(broker, "100000");
            await("the database fails").atMost(ENDS_WITHIN).until(() -> broker.log().contains("claims of jobs cannot"));
            pause(AWAY_SECONDS * 1000);
            limitFiles(broker, "unlimited");
            awaitAll(sender, batch);
            report("disk full under H2 for %d s".formatted(AWAY_SECONDS), batch, false);
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
