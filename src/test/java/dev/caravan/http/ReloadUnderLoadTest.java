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

/** All kinds of files are edited again and again while requests keep coming. */
class ReloadUnderLoadTest {

    private static final Duration DURATION = Duration.ofSeconds(12);
    private static final String CUSTOM = "routes/custom/load.camel.yaml";

    private final RunningBroker broker = RunningBroker.shared();

    @Test
    @DisplayName(
            "F3 500 requests/s, streams among them, while every kind of file is edited, well and badly: none fails")
    void noRequestFails() {
        try (var files = new EditedFiles();
                var whole = Load.of(chat("sim-echo"), 450);
                var streams = Load.of(chat("sim-echo", "\"stream\":true"), 50)) {
            var ends = System.nanoTime() + DURATION.toNanos();
            var edits = new AtomicInteger();
            await().pollInterval(Duration.ofMillis(300))
                    .atMost(DURATION.multipliedBy(2))
                    .until(() -> {
                        edit(files, edits.getAndIncrement());
                        return System.nanoTime() > ends;
                    });
            var answered = whole.answered() + streams.answered();

            assertThat(whole.failures()).isEmpty();
            assertThat(streams.failures()).isEmpty();
            assertThat(answered / (double) DURATION.toSeconds()).isGreaterThan(200);
            System.out.println("answered " + answered + " in " + DURATION + " with " + edits + " edits");
            assertThat(edits.get()).isGreaterThan(20);
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
                        providers.replaceFirst("timeout: \\d+s|priority: 10\n", "timeout: " + (30 + count) + "s\n"));
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
