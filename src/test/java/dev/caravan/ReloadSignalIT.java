package dev.caravan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.testing.BrokerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGHUP, which only a process of its own can be sent. */
class ReloadSignalIT {

    @TempDir
    Path home;

    @Test
    @DisplayName("F3 SIGHUP reloads the configuration and ends nothing; what came of it stands in the log")
    void reload() throws Exception {
        for (var folder : List.of("routes", "config", "kafka")) {
            copy(Path.of(folder), home.resolve(folder));
        }
        try (var broker = BrokerProcess.serving(home, Map.of(), "-Dcaravan.home=" + home)) {
            var models = home.resolve("config/models.yaml");
            Files.writeString(models, Files.readString(models).replace("max_tokens: 16384", "max_tokens: many"));
            hangUp(broker);
            awaitLog(broker, "1 things are wrong; the first: config/models.yaml:");

            Files.writeString(models, Files.readString(models).replace("max_tokens: many", "max_tokens: 16385"));
            hangUp(broker);
            awaitLog(broker, "The configuration was reloaded *\n");
            assertThat(broker.admin("/admin/config")).contains("\"status\":\"ok\"");
        }
    }

    private static void awaitLog(BrokerProcess broker, String pattern) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(broker.log()).containsPattern(pattern));
    }

    private static void hangUp(BrokerProcess broker) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-HUP", String.valueOf(broker.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var paths = Files.walk(from)) {
            for (var path : paths.toList()) {
                var target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target);
                }
            }
        }
    }
}
