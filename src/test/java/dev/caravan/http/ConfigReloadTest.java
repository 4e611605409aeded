package dev.caravan.http;

import static dev.caravan.testing.Providers.chat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.testing.EditedFiles;
import dev.caravan.testing.RunningBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Good edits, and what {@code /admin/config} tells of them. */
@ExtendWith(OutputCaptureExtension.class)
class ConfigReloadTest {

    private static final String ONE = "routes/custom/one.camel.yaml";
    private static final String TWO = "routes/custom/two.camel.yaml";
    private static final String PROVIDERS = "config/providers.yaml";

    private final RunningBroker broker = RunningBroker.shared();
    private final EditedFiles files = new EditedFiles();

    @AfterEach
    void putBack() {
        files.close();
    }

    @Test
    @DisplayName("F3 /admin/config names every file with kind, digest and since when; it wants the admin key")
    void overview() throws Exception {
        var config = files.config();

        assertThat(config.path("status").asText()).isEqualTo("ok");
        assertThat(config.path("files").findValuesAsText("file"))
                .contains(
                        "config/application.yaml",
                        "config/providers.yaml",
                        "config/models.yaml",
                        "config/prices.yaml",
                        "kafka/topics.yaml",
                        "routes/http.camel.yaml");
        assertThat(config.path("files").findValuesAsText("kind"))
                .contains("settings", "providers", "models", "prices", "topics", "routes");
        var bytes = Files.readAllBytes(broker.home().resolve(PROVIDERS));
        var digest =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        assertThat(files.state(PROVIDERS).path("digest").asText()).isEqualTo("sha256:" + digest);
        assertThat(Instant.parse(files.state(PROVIDERS).path("loaded_at").asText()))
                .isBefore(Instant.now());
        Errors.error(broker.get("/admin/config"), 403, "forbidden");
        Errors.error(broker.post("/admin/config/reload", ""), 403, "forbidden");
    }

    @Test
    @DisplayName("A1 Edits of providers, models and prices are in force soon, each with its time and digest")
    void catalog() {
        for (var name : new String[] {"providers", "models", "prices"}) {
            var file = "config/" + name + ".yaml";
            var before = files.state(file);
            files.rename(file, files.text(file) + "# edited\n");
            await().atMost(EditedFiles.SOON)
                    .until(() -> !files.state(file).path("digest").equals(before.path("digest")));
            assertThat(Instant.parse(files.state(file).path("loaded_at").asText()))
                    .isAfter(Instant.parse(before.path("loaded_at").asText()));
        }
        files.write("config/models.yaml", files.text("config/models.yaml") + """

                  - name: edited-model
                    provider: simulator
                    path: sim-echo
                """);
        await().atMost(EditedFiles.SOON)
                .until(() -> broker.post("/v1/chat/completions", chat("edited-model"))
                                .statusCode()
                        == 200);
        files.delete("config/prices.yaml");
        files.awaitInForce("config/prices.yaml");
    }

    @Test
    @DisplayName("F3 A reload that is asked for takes files at once, and answers with the state or the error")
    void forced() {
        files.write(ONE, hello("one", "/v1/one", "first"));

        var answer = broker.admin("POST", "/admin/config/reload", "");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains(ONE);
        assertThat(broker.get("/v1/one").body()).isEqualTo("first");
        files.write(ONE, "- route: [");
        assertThat(Errors.error(broker.admin("POST", "/admin/config/reload", ""), 400, "invalid_request")
                        .path("message")
                        .asText())
                .startsWith(ONE + ":1: not well-formed: ");
        assertThat(broker.get("/v1/one").body()).isEqualTo("first");
    }

    @Test
    @DisplayName("F3 A file that is written in two steps is not read between them, and nothing is told of its half")
    void halfWritten(CapturedOutput output) throws Exception {
        var whole = hello("one", "/v1/one", "whole");
        var half = whole.length() / 2;
        files.write(ONE, "");
        var path = broker.home().resolve(ONE);
        for (var i = 0; i < 20; i++) {
            Files.writeString(path, whole.substring(0, half));
            pause(Duration.ofMillis(60));
            Files.writeString(path, whole.substring(half), StandardOpenOption.APPEND);
            pause(Duration.ofMillis(60));
            assertThat(files.state(ONE).path("last_error").isObject()).isFalse();
        }
        files.awaitInForce(ONE);
        assertThat(broker.get("/v1/one").body()).isEqualTo("whole");
        assertThat(output.getAll()).doesNotContain("one.camel.yaml:");
    }

    @Test
    @DisplayName(
            "F3 What two files say is taken together: a route moves from one to the other without an error that stays")
    void moves() {
        files.write(ONE, hello("one", "/v1/one", "first"));
        files.awaitInForce(ONE);

        files.write(TWO, hello("one", "/v1/one", "second"));
        assertThat(files.awaitError(TWO).path("reason").asText()).contains("is there twice, here and in " + ONE);
        assertThat(broker.get("/v1/one").body()).isEqualTo("first");
        files.delete(ONE);
        files.awaitInForce(TWO);
        files.awaitInForce(ONE);
        assertThat(broker.get("/v1/one").body()).isEqualTo("second");

        files.delete(TWO);
        await().atMost(EditedFiles.SOON).until(() -> broker.get("/v1/one").statusCode() == 404);
        assertThat(files.state(TWO).isMissingNode()).isTrue();
    }

    @Test
    @DisplayName("F3 A changed path is served at once, and the old one is not any more")
    void movedPath() {
        files.write(ONE, hello("one", "/v1/one", "there"));
        files.awaitInForce(ONE);
        files.write(ONE, hello("one", "/v1/other", "there"));
        await().atMost(EditedFiles.SOON).until(() -> broker.get("/v1/other").statusCode() == 200);
        await().atMost(EditedFiles.SOON).until(() -> broker.get("/v1/one").statusCode() == 404);
    }

    @Test
    @DisplayName("F3 application.yaml and topics.yaml are read at the start: a change says that a restart is required")
    void restart() throws IOException {
        var settings = "config/application.yaml";
        files.write(settings, files.text(settings).replace("max-body: 10MB", "max-body: 11MB"));
        await().atMost(EditedFiles.SOON)
                .until(() -> files.state(settings).path("restart_required").asBoolean());
        assertThat(files.config().path("restart_required").asBoolean()).isTrue();
        assertThat(files.config().path("status").asText()).isEqualTo("ok");

        files.write(settings, files.text(settings).replace("max-body: 11MB", "max-body: plenty"));
        var error = files.awaitError(settings);
        assertThat(error.path("reason").asText()).isEqualTo("'caravan.max-body' is no DataSize");
        assertThat(error.path("line").asInt())
                .isEqualTo(files.text(settings)
                        .substring(0, files.text(settings).indexOf("max-body"))
                        .split("\n")
                        .length);
        files.write(settings, "caravan:\n  port: [1\n");
        await().atMost(EditedFiles.SOON)
                .until(() -> files.state(settings)
                        .path("last_error")
                        .path("reason")
                        .asText()
                        .startsWith("not well-formed"));

        files.write("kafka/topics.yaml", "topics: 7\n");
        assertThat(files.awaitError("kafka/topics.yaml").path("line").asInt()).isEqualTo(1);
    }

    private static void pause(Duration duration) throws InterruptedException {
        // the time between the two steps of somebody who writes a file is what the test is about
        Thread.sleep(duration);
    }

    private static String hello(String id, String path, String text) {
        return """
                - route:
                    id: custom.%s
                    description: Says something
                    from:
                      uri: platform-http:%s
                      steps:
                        - setBody:
                            expression:
                              constant:
                                expression: %s
                """.formatted(id, path, text);
    }
}
