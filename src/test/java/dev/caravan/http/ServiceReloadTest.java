package dev.caravan.http;

import static dev.caravan.http.Errors.error;
import static dev.caravan.http.Errors.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.EditedFiles;
import dev.caravan.testing.RunningBroker;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Services are files, which come, change and go while the broker runs. */
class ServiceReloadTest {

    private static final String FILE = "config/services/translation.yaml";
    private static final String PATH = "/v1/services/translation";
    private static final String TRANSLATION = """
            description: A text in another language
            parameters:
              to: {description: The language to translate into, required: true}
            prompt: |
              Translate the next message into {to}.
            result:
              schema:
                type: object
                properties: {translation: {type: string}}
                required: [translation]
            request: {simulate: {answer: '{"translation": "Guten Morgen"}'}}
            """;

    private final RunningBroker broker = RunningBroker.shared();
    private final EditedFiles files = new EditedFiles();

    @AfterEach
    void putBack() {
        files.close();
    }

    @Test
    @DisplayName(
            "A6 F3 Adding a service is adding a file; a wrong one is told with file and line, and the last good state serves")
    void reload() {
        error(translate(), 404, "not_found");

        files.write(FILE, TRANSLATION);
        files.awaitInForce(FILE);
        assertThat(files.state(FILE).path("kind").asText()).isEqualTo("services");
        assertThat(json(translate().body()).at("/result/translation").asText()).isEqualTo("Guten Morgen");
        assertThat(error(broker.post(PATH, "{\"content\":\"Good morning\"}"), 400, "invalid_request")
                        .path("param")
                        .asText())
                .isEqualTo("parameters.to");
        assertThat(broker.get("/v1/services").body()).contains("\"translation\"");

        files.write(FILE, TRANSLATION.replace("into {to}", "into {language}"));
        var wrong = files.awaitError(FILE);
        assertThat(wrong.path("line").asInt()).isEqualTo(4);
        assertThat(wrong.path("reason").asText()).contains("nothing fills '{language}'");
        assertThat(broker.get("/health").body()).contains("translation.yaml");
        assertThat(json(translate().body()).at("/result/translation").asText()).isEqualTo("Guten Morgen");

        files.delete(FILE);
        files.awaitInForce(FILE);
        error(translate(), 404, "not_found");
    }

    private HttpResponse<String> translate() {
        return broker.post(
                PATH, "{\"content\":\"Good morning\",\"parameters\":{\"to\":\"German\",\"model\":\"sim-echo\"}}");
    }
}
