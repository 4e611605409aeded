package dev.caravan.http;

import static dev.caravan.testing.Providers.chat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.EditedFiles;
import dev.caravan.testing.Providers;
import dev.caravan.testing.RunningBroker;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Bad edits: told with file, line and reason, and the last good state stays. */
@ExtendWith(OutputCaptureExtension.class)
class ConfigErrorTest {

    private static final String HELLO = "routes/custom/hello.camel.yaml";
    private static final String KEY = "sk-marker-in-a-file-0123456789";

    private static final String GOOD = """
            - route:
                id: custom.hello
                description: Says something
                from:
                  uri: platform-http:/v1/hello
                  steps:
                    - setHeader:
                        name: x-hello
                        expression:
                          constant:
                            expression: sk-marker-in-a-file-0123456789
                    - removeHeaders:
                        pattern: "x-*"
                    - setBody:
                        expression:
                          constant:
                            expression: Bonjour
            """;

    private final RunningBroker broker = RunningBroker.shared();
    private final EditedFiles files = new EditedFiles();

    @AfterEach
    void putBack() {
        files.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "- setHeader:         | - setHeadr:            | 7  | unknown step or entry 'setHeadr'",
                "description: Says    | descripton: Says       | 3  | unknown field 'descripton'",
                "pattern: \"x-*\"     | patern: \"x-*\"        | 13 | unknown field 'patern'",
                "pattern: \"x-*\"     | pattern: [x]           | 13 | ",
                "steps:               | steps: 7               | 7  | ",
                "name: x-hello        | name: 'x-hello         | 17 | while scanning a quoted scalar that begins in line 8",
                "name: x-hello        | name: x: y             | 8  | not well-formed: mapping values are not allowed here",
                "- removeHeaders:     | - bean: {ref: nobody}  | 13 | not well-formed: expected <block end>",
                "platform-http:/v1/hello | nosuch:thing         | 5  | there is no component 'nosuch'",
                "platform-http:/v1/hello | direct:chat          | 2  | the endpoint 'direct:chat' is there twice, here and in routes/chat.camel.yaml:2",
                "platform-http:/v1/hello | platform-http:/health | 2 | the path 'GET /health' is there twice, here and in routes/http.camel.yaml:",
                "id: custom.hello     | id: http.health        | 2  | the route 'http.health' is there twice, here and in routes/http.camel.yaml:",
                "id: custom.hello     | note: none             | 1  | a route needs an 'id'",
            })
    @DisplayName(
            "F3 A bad edit of a route is told with file, line and reason; the routes stay; the next good edit clears it")
    void badRoute(String what, String by, int line, String reason) {
        files.write(HELLO, GOOD);
        files.reload();
        files.awaitInForce(HELLO);

        files.write(HELLO, GOOD.replace(what.strip(), by.strip()));
        files.reload();
        var error = files.awaitError(HELLO);

        assertThat(error.path("file").asText()).isEqualTo(HELLO);
        assertThat(error.path("reason").asText()).contains(reason == null ? "" : reason);
        assertThat(error.path("line").asInt()).as(error.toString()).isEqualTo(line);
        assertThat(error.path("at").asText()).isNotEmpty();
        assertThat(files.config().path("status").asText()).isEqualTo("error");
        assertThat(broker.get("/v1/hello").body()).isEqualTo("Bonjour");
        assertThat(broker.get("/health").body()).contains(HELLO + ":" + line + ": ");

        files.rename(HELLO, GOOD.replace("Bonjour", "Salut"));
        files.reload();
        files.awaitInForce(HELLO);
        assertThat(broker.get("/v1/hello").body()).isEqualTo("Salut");
        assertThat(files.config().path("status").asText()).isEqualTo("ok");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{to: {uri: direct, parameters: {name: nowhere}}}  | the endpoint 'direct:nowhere' is called here, and no route serves it",
                "{to: {uri: nosuch:thing}}                         | there is no component 'nosuch'",
                "{to: {uri: kafka, parameters: {topic: t, apiKy: sk-marker-in-a-file-0123456789}}} | the component 'kafka' knows no parameter 'apiKy'",
                "{to: {uri: file, parameters: {fileName: sk-marker-in-a-file-0123456789}}} | file:directoryName",
                "{process: {ref: nobody}}                          | there is no bean 'nobody'",
                "{bean: {ref: nobody}}                             | there is no bean 'nobody'",
                "{filter: {expression: {simple: {expression: '${sk-marker-in-a-file-0123456789'}}}} | ",
                "{convertBodyTo: {type: sk-marker-in-a-file-0123456789}} | ",
                "{setBody: {expression: {constant: {resultType: sk-marker-in-a-file-0123456789, expression: x}}}} | ",
            })
    @DisplayName("F3 A step that cannot work is told with its line, without a value of the file; all routes stay")
    void badStep(String step, String reason, CapturedOutput output) {
        files.write(HELLO, GOOD);
        files.reload();
        files.awaitInForce(HELLO);

        files.write(
                HELLO,
                GOOD.replace("        - removeHeaders:", "        - " + step.strip() + "\n        - removeHeaders:"));
        files.reload();
        var error = files.awaitError(HELLO);

        assertThat(error.path("reason").asText())
                .contains(reason == null ? "" : reason)
                .isNotEmpty();
        assertThat(error.path("line").asInt()).as(error.toString()).isEqualTo(12);
        assertThat(broker.get("/v1/hello").body()).isEqualTo("Bonjour");
        assertThat(files.config().toString()).doesNotContain(KEY);
        assertThat(output.getAll()).contains(HELLO + ":12: ").doesNotContain(KEY);
    }

    @Test
    @DisplayName("F3 An emptied file of routes changes nothing; a file whose routes others call cannot go")
    void emptiedAndGone() {
        files.write("routes/http.camel.yaml", "");
        assertThat(files.awaitError("routes/http.camel.yaml").path("reason").asText())
                .contains("there is no route here; delete the file");

        files.delete("routes/chat.camel.yaml");
        assertThat(files.awaitError("routes/chat.camel.yaml").path("reason").asText())
                .contains("the endpoint 'direct:chat' is no longer there, but routes/");
        files.delete("routes/provider.camel.yaml");
        assertThat(files.awaitError("routes/provider.camel.yaml").path("reason").asText())
                .contains("the route template 'provider' must be there");

        assertThat(broker.post("/v1/chat/completions", chat("sim-echo")).statusCode())
                .isEqualTo(200);
    }

    @Test
    @DisplayName("F3 A template that no provider's route can be made from changes nothing, for later providers neither")
    void badTemplate() {
        var template = files.text("routes/provider.camel.yaml");
        files.write("routes/provider.camel.yaml", template.replace("ref: finishCall", "ref: finishCal"));
        var error = files.awaitError("routes/provider.camel.yaml");

        assertThat(error.path("reason").asText()).isEqualTo("there is no bean 'finishCal'");
        assertThat(error.path("line").asInt())
                .isEqualTo((int) template.substring(0, template.indexOf("ref: finishCall"))
                        .lines()
                        .count());
        var name = Providers.create("http://127.0.0.1:1/v1");
        assertThat(broker.admin("DELETE", "/admin/providers/" + name, null).statusCode())
                .isEqualTo(200);
        assertThat(broker.post("/v1/chat/completions", chat("sim-echo")).statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "providers | priority: 10             | priority: ten         | 'priority' must be a whole number",
                "providers | priority: 10             | priorty: 10           | unknown field 'priorty'; did you mean 'priority'?",
                "providers | priority: 10             | priority: [10         | not well-formed: ",
                "models    | max_tokens: 16384        | max_tokens: many      | 'max_tokens' must be a whole number",
                "models    | max_tokens: 16384        | max_tokens: [16384     | not well-formed: ",
                "prices    | input: 0.10              | input: cheap          | 'input' must be a number",
                "prices    | input: 0.10              | inputt: 0.10          | unknown field 'inputt'",
            })
    @DisplayName(
            "A1 A bad edit of providers, models or prices is told with file, line and reason; the good state stays")
    void badCatalog(String name, String what, String by, String reason) {
        var file = "config/" + name.strip() + ".yaml";
        var good = files.text(file);
        var since = files.state(file).path("loaded_at").asText();
        var bad = good.replaceFirst("(?m)(?<=^[^#]{0,120})" + Pattern.quote(what.strip()) + "(?=$|,)", by.strip());
        assertThat(bad).isNotEqualTo(good);

        files.write(file, bad);
        var error = files.awaitError(file);

        assertThat(error.path("file").asText()).isEqualTo(file);
        assertThat(error.path("reason").asText()).contains(reason);
        var line = (int) bad.substring(0, bad.indexOf(by.strip())).lines().count();
        assertThat(error.path("line").asInt()).isBetween(line, line + (reason.contains("formed") ? 4 : 0));
        var state = files.state(file);
        assertThat(state.path("in_force").asBoolean()).isFalse();
        assertThat(state.path("loaded_at").asText()).isEqualTo(since);
        assertThat(broker.post("/v1/chat/completions", chat("sim-echo")).statusCode())
                .isEqualTo(200);

        var answer = broker.admin("POST", "/admin/config/reload", "");
        var refusal = Errors.error(answer, 400, "invalid_request");
        assertThat(refusal.path("message").asText()).contains(file + ":", "the last good state stays in force");

        files.write(file, good);
        files.reload();
        files.awaitInForce(file);
    }

    @Test
    @DisplayName("A1 A key that stands in a broken file is in no error, neither in the log nor in the API")
    void keys(CapturedOutput output) {
        var file = "config/providers.yaml";
        var good = files.text(file);
        for (var entry : List.of(
                "api_key: [" + KEY,
                "api_key: {x: " + KEY + "}",
                "api_key: " + KEY + ": y",
                "api_key: '" + KEY,
                "api_key: *" + KEY,
                "api_key: \"\\q" + KEY + "\"",
                "api_key: &a" + KEY + " x\n    priority: no",
                "api_key: ${" + KEY,
                "api_key: " + KEY + "\n    priority: " + KEY,
                "api_key: x\n    type: " + KEY)) {
            files.write(
                    file, good + "\n  - name: keyed\n    type: openai\n    base_url: http://h/v1\n    " + entry + "\n");
            broker.admin("POST", "/admin/config/reload", "");
            assertThat(files.config().toString()).contains("\"line\":").doesNotContain(KEY);
            assertThat(broker.get("/health").body()).doesNotContain(KEY);
        }
        assertThat(output.getAll()).contains(file + ":").doesNotContain(KEY);
    }
}
