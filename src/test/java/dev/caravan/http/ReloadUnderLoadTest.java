package dev.caravan.http;

import static dev.caravan.testing.Providers.chat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.testing.EditedFiles;
import dev.caravan.testing.Load;
import dev.caravan.testing.RunningBroker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All kinds of files are edited again and again while requests keep coming. */
class ReloadUnderLoadTest {

    private static final Logger LOG = LoggerFactory.getLogger(ReloadUnderLoadTest.class);
    private static final Duration AT_LEAST = Duration.ofSeconds(12);
    private static final int REQUESTS = 5_000;
    private static final String CUSTOM = "routes/custom/load.camel.yaml";

    private final RunningBroker broker = RunningBroker.shared();

    @Test
    @DisplayName(
            "F3 500 requests/s, streams among them, while every kind of file is edited, well and badly: none fails")
    void noRequestFails() {
        try (var files = new EditedFiles();
                var whole = Load.of(chat("sim-echo"), 450);
                var streams = Load.of(chat("sim-echo", "\"stream\":true"), 50)) {
            var begins = System.nanoTime();
            var edits = new AtomicInteger();
            await().pollInterval(Duration.ofMillis(300))
                    .atMost(AT_LEAST.multipliedBy(10))
                    .until(() -> {
                        edit(files, edits.getAndIncrement());
                        return System.nanoTime() - begins > AT_LEAST.toNanos()
                                && whole.answered() + streams.answered() >= REQUESTS;
                    });
            var seconds = (System.nanoTime() - begins) / 1e9;

            assertThat(whole.failures()).isEmpty();
            assertThat(streams.failures()).isEmpty();
            assertThat(streams.answered()).isGreaterThan(REQUESTS / 20);
            assertThat(edits.get()).isGreaterThan(30);
            LOG.info(
                    "{} answers a second, {} edits in {} s",
                    Math.round((whole.answered() + streams.answered()) / seconds),
                    edits,
                    Math.round(seconds));
        }
        assertThat(broker.get("/health").body()).contains("\"config_errors\":[]");
    }

    private static void edit(EditedFiles files, int count) {
        var comment = "# edit " + count + "\n";
        switch (count % 10) {
            case 0 -> append(files, "config/providers.yaml", comment);
            case 1 -> append(files, "routes/http.camel.yaml", comment);
            case 2 -> files.write(CUSTOM, custom(count));
            case 3 ->
                append(
                        files,
                        "config/models.yaml",
                        "  - {name: m" + count + ", provider: simulator, path: sim-echo}\n");
            case 4 -> append(files, "routes/chat.camel.yaml", comment);
            case 5 -> {
                append(files, "routes/provider.camel.yaml", comment);
                append(files, "config/prices.yaml", comment);
            }
            case 6 -> files.write(CUSTOM, "- route: [");
            case 7 -> {
                var providers = files.text("config/providers.yaml");
                files.write(
                        "config/providers.yaml",
                        providers.replaceFirst(
                                "(?m)^    (timeout: \\d+s|priority: 10)$", "    timeout: " + (30 + count) + "s"));
            }
            case 8 -> append(files, "routes/gate.camel.yaml", comment);
            default -> files.delete(CUSTOM);
        }
    }

    private static void append(EditedFiles files, String file, String text) {
        files.rename(file, files.text(file) + text);
    }

    private static String custom(int count) {
        return """
                - route:
                    id: custom.load
                    description: Says how often it was changed
                    from:
                      uri: platform-http:/v1/load
                      steps:
                        - setBody:
                            expression:
                              constant:
                                expression: %d
                """.formatted(count);
    }
}
