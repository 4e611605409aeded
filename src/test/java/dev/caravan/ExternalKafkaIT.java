package dev.caravan;

import static dev.caravan.testing.JobTopics.ids;
import static dev.caravan.testing.JobTopics.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caravan.embedded.EmbeddedKafka;
import dev.caravan.testing.BrokerProcess;
import dev.caravan.testing.JobTopics;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExternalKafkaIT {

    @TempDir
    private Path folder;

    @Test
    @DisplayName(
            "F5 F7 with bootstrap servers it makes the topics there, works there, and holds no Kafka server itself")
    void usesTheKafkaItIsTold() throws IOException {
        var port = BrokerProcess.freePort();
        var classes = folder.resolve("classes.log");
        try (var kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0, fault -> {});
                var broker = BrokerProcess.serving(
                        folder,
                        Map.of(
                                "CARAVAN_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(),
                                "CARAVAN_KAFKA_PORT", String.valueOf(port)),
                        "-XX:AOTMode=off", // classes in the cache count as loaded, whether they are wanted or not
                        "-Xlog:class+load:file=" + classes);
                var jobs = new JobTopics(kafka.bootstrapServers())) {
            jobs.send(job(
                    "outside", "{\"model\":\"sim-echo\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello!\"}]}"));

            assertThat(ids(jobs.receive(1, Duration.ofSeconds(20)))).containsExactly("outside");
            await().atMost(Duration.ofSeconds(2))
                    .until(() -> broker.admin("/admin/logs").contains("\"outside\""));
            try (var lines = Files.lines(classes)) {
                assertThat(lines).noneMatch(line -> line.contains("] kafka.server."));
            }
            assertThat(folder.resolve("data/kafka")).doesNotExist();
            assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
                    .isInstanceOf(ConnectException.class);
        }
    }
}
