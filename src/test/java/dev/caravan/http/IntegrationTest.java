package dev.caravan.http;

import static dev.caravan.http.Errors.json;
import static dev.caravan.testing.Providers.chat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.caravan.camel.ChatFailed;
import dev.caravan.testing.EditedFiles;
import dev.caravan.testing.RunningBroker;
import dev.caravan.testing.UsageTopic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Routes of the user's own, and what they are promised. */
class IntegrationTest {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String REQUEST = chat("sim-echo").replace("Hi", "Good morning");

    private final RunningBroker broker = RunningBroker.shared();
    private final EditedFiles files = new EditedFiles();

    @TempDir
    Path folder;

    @AfterEach
    void putBack() {
        files.close();
    }

    static Stream<Object> requests() throws IOException {
        var file = Files.writeString(Files.createTempFile("request", ".json"), REQUEST);
        return Stream.of(
                REQUEST,
                REQUEST.getBytes(UTF_8),
                file.toFile(),
                Map.of("model", "sim-echo", "messages", List.of(Map.of("role", "user", "content", "Good morning"))),
                REQUEST.replace("{\"model\"", "{\"stream\":true,\"model\""));
    }

    @ParameterizedTest
    @DisplayName(
            "F8 direct:caravan.chat makes a completion of a request in any form; headers stay, and it is one usage event")
    @MethodSource("requests")
    void chats(Object request) {
        var answered = send("direct:caravan.chat", request);

        assertThat(answered.getException()).isNull();
        var completion = json(answered.getMessage().getBody(String.class));
        assertThat(completion.at("/choices/0/message/content").asText()).isEqualTo("Good morning");
        assertThat(answered.getMessage().getHeaders()).containsOnly(Map.entry("CamelFileName", "mine.txt"));
        assertThat(answered.getVariable("caravanText")).isEqualTo("Good morning");
        assertThat(answered.getVariable("caravanProvider")).isEqualTo("simulator");
        var event = UsageTopic.eventOf(answered.getVariable("caravanRequestId", String.class));
        assertThat(event.path("door").asText()).isEqualTo("route");
        assertThat(event.path("endpoint").asText()).isEqualTo("direct:caravan.chat");
        assertThat(event.path("key").asText()).isEqualTo("routes");
        assertThat(event.path("calls")).hasSize(1);
    }

    @Test
    @DisplayName(
            "F8 What is not answered is an exception with code and status, one usage event, and the message as it was")
    void fails() {
        var failed = send("direct:caravan.chat", chat("no-such-model"));

        var error = (ChatFailed) failed.getException();
        assertThat(error.getCode()).isEqualTo("model_not_found");
        assertThat(error.getStatus()).isEqualTo(404);
        assertThat(failed.getMessage().getHeaders()).containsOnly(Map.entry("CamelFileName", "mine.txt"));
        assertThat(failed.getMessage().getBody(String.class)).isEqualTo(chat("no-such-model"));
        assertThat(UsageTopic.eventOf(error.getRequestId()).path("status_code").asInt())
                .isEqualTo(404);

        var empty = (ChatFailed) send("direct:caravan.chat", null).getException();
        assertThat(empty).hasMessageContaining("body is empty").hasMessageContaining("must be a chat request");
        assertThat(UsageTopic.eventOf(empty.getRequestId()).path("status_code").asInt())
                .isEqualTo(400);
    }

    @Test
    @DisplayName("F8 A route of the user's own asks through the kamelet, catches what fails, and can be edited")
    void kamelet() {
        var custom = "routes/custom/ask.camel.yaml";
        files.write(custom, asking("sim-echo", "text"));
        files.awaitInForce(custom);
        assertThat(ask("How are you?")).isEqualTo("How are you?");

        files.write(custom, asking("sim-echo", "completion"));
        await().atMost(SOON).until(() -> ask("How are you?").startsWith("{"));
        assertThat(json(ask("How are you?")).path("object").asText()).isEqualTo("chat.completion");

        files.write(custom, asking("no-such-model", "text"));
        await().atMost(SOON).until(() -> ask("How are you?").startsWith("404 model_not_found: "));
        assertThat(ask(" ")).startsWith("400 invalid_request: There is no text");
    }

    @Test
    @DisplayName("F8 direct:caravan.stats gives the statistics of as many hours as the body says")
    void statistics() {
        var stats = send("direct:caravan.stats", "2");
        assertThat(json(stats.getMessage().getBody(String.class)).has("total_requests"))
                .isTrue();
        assertThat(stats.getVariable("caravanCost", String.class)).matches("[0-9.]+");

        assertThat(catchThrowableOfType(
                                CamelExecutionException.class,
                                () -> camel().createProducerTemplate().sendBody("direct:caravan.stats", "soon"))
                        .getCause())
                .isInstanceOf(ChatFailed.class)
                .hasMessageContaining("hours");
    }

    @Test
    @DisplayName("F8 Example: a folder of text files is summarised into a folder")
    void folder() throws Exception {
        install("summarise-folder", "sim-echo");
        drop("one.txt", "It was a dark night.");
        drop("two.txt", "Käse, 北京.");

        await().atMost(SOON)
                .until(() -> Files.exists(folder.resolve("out/one.txt"))
                        && Files.exists(folder.resolve("out/two.txt"))
                        && Files.exists(folder.resolve("done/two.txt")));
        assertThat(folder.resolve("out/one.txt")).hasContent("It was a dark night.");
        assertThat(folder.resolve("out/two.txt")).hasContent("Käse, 北京.");
        assertThat(folder.resolve("in/one.txt")).doesNotExist();
    }

    @Test
    @DisplayName("F8 Example: a file that cannot be summarised is kept as it came")
    void failingFolder() throws Exception {
        install("summarise-folder", "no-such-model", "redeliveryDelay: 2000", "redeliveryDelay: 10");
        drop("one.txt", "It was a dark night.");

        await().atMost(SOON).until(() -> Files.exists(folder.resolve("failed/one.txt")));
        assertThat(folder.resolve("failed/one.txt")).hasContent("It was a dark night.");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    @DisplayName("F8 Example: a timer reports the cost of the day to a file")
    void dailyCost() throws Exception {
        install("daily-cost", "", "{{examples.period:86400000}}", "100");

        var report = folder.resolve("cost.csv");
        await().atMost(SOON)
                .until(() -> Files.exists(report) && Files.readAllLines(report).size() > 2);
        assertThat(Files.readAllLines(report).subList(0, 2))
                .allSatisfy(line -> assertThat(line).matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d,\\d+,[0-9.]+"));
    }

    /** Puts an example in force, as somebody would who sets its placeholders. */
    private void install(String example, String model, String... replaced) throws IOException {
        var text = Files.readString(Path.of("examples", example + ".camel.yaml"))
                .replace("{{examples.folder}}", folder.toString())
                .replace("{{examples.model}}", model);
        for (var i = 0; i < replaced.length; i += 2) {
            text = text.replace(replaced[i], replaced[i + 1]);
        }
        var custom = "routes/custom/" + example + ".camel.yaml";
        files.write(custom, text);
        files.awaitInForce(custom);
    }

    private void drop(String name, String text) throws IOException {
        var in = Files.createDirectories(folder.resolve("in"));
        Files.move(Files.writeString(folder.resolve(name), text), in.resolve(name));
    }

    private Exchange send(String endpoint, @Nullable Object body) {
        return camel().createProducerTemplate().request(endpoint, exchange -> {
            exchange.getMessage().setBody(body);
            exchange.getMessage().setHeader("CamelFileName", "mine.txt");
        });
    }

    private String ask(String text) {
        return camel().createProducerTemplate().requestBody("direct:test.ask", text, String.class);
    }

    private CamelContext camel() {
        return broker.bean(CamelContext.class);
    }

    private static String asking(String model, String answer) {
        return """
                - route:
                    id: test.ask
                    from:
                      uri: direct:test.ask
                      steps:
                        - doTry:
                            steps:
                              - to:
                                  uri: kamelet:caravan-chat-sink
                                  parameters:
                                    model: %s
                                    system: "Answer, in short: don't say {more}."
                                    maxTokens: 100
                                    answer: %s
                            doCatch:
                              - exception:
                                  - dev.caravan.camel.ChatFailed
                                steps:
                                  - setBody:
                                      expression:
                                        simple:
                                          expression: "${exception.status} ${exception.code}: ${exception.message}"
                """.formatted(model, answer);
    }
}
