package dev.caravan.http;

import static dev.caravan.http.Errors.error;
import static dev.caravan.http.Errors.json;
import static dev.caravan.testing.JobTopics.job;
import static dev.caravan.testing.JobTopics.utf8;
import static dev.caravan.testing.Providers.chat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.caravan.testing.EditedFiles;
import dev.caravan.testing.JobTopics;
import dev.caravan.testing.RunningBroker;
import dev.caravan.testing.UsageTopic;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Councils by their names, whoever asks them. */
class CouncilTest {

    private static final String CHAT = "/v1/chat/completions";
    private static final String MODELS = "config/models.yaml";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final RunningBroker broker = RunningBroker.shared();
    private final EditedFiles files = new EditedFiles();

    @AfterEach
    void putBack() {
        files.close();
    }

    @Test
    @DisplayName("A5 A council is a model: listed, found, and asked by the official SDK")
    void model() {
        council("""
                  - name: five
                    council:
                      models: [sim-echo, simulator:sim-oracle-100-1, {model: simulator:sim-oracle-0-1, weight: 2}]
                      strategy: weighted
                      answers: true
                """);

        assertThat(broker.get("/v1/models").body()).contains("\"id\":\"five\"");
        var card = json(broker.get("/v1/models/five").body());
        assertThat(card.path("owned_by").asText()).isEqualTo("caravan");
        var sdk = OpenAIOkHttpClient.builder()
                .baseUrl(broker.url() + "/v1")
                .apiKey(RunningBroker.CLIENT_KEY)
                .build();
        var answer = sdk.chat()
                .completions()
                .create(ChatCompletionCreateParams.builder()
                        .model("five")
                        .addUserMessage("2 + 2")
                        .build());
        assertThat(answer.model()).isEqualTo("five");
        assertThat(answer.choices().getFirst().message().content()).contains("5");
        assertThat(answer._additionalProperties()).containsKey("caravan");
        try (var stream = sdk.chat()
                .completions()
                .createStreaming(ChatCompletionCreateParams.builder()
                        .model("five")
                        .addUserMessage("2 + 2")
                        .build())) {
            assertThat(stream.stream()
                            .flatMap(chunk -> chunk.choices().stream())
                            .flatMap(choice -> choice.delta().content().stream()))
                    .containsExactly("5");
        }
    }

    @Test
    @DisplayName(
            "A5 A member may be a council itself: its calls are counted once, and its own minutes stand in the answer")
    void nested() {
        council("""
                  - name: inner
                    council: {models: [sim-echo, sim-echo, simulator:sim-oracle-0-1]}
                  - name: outer
                    council: {mode: sequential, strategy: weighted, models: [{model: inner, weight: 2}, sim-echo]}
                """);

        var refused = broker.post(
                CHAT, chat("outer", "\"cooperation\":{\"strategy\":\"weighted\",\"embeddings\":\"inner\"}"));
        assertThat(error(refused, 400, "invalid_request").path("param").asText())
                .isEqualTo("cooperation.embeddings");

        var response = broker.post(CHAT, chat("outer"));

        var answer = json(response.body());
        assertThat(answer.at("/choices/0/message/content").asText())
                .as(response.body())
                .isEqualTo("Hi");
        assertThat(answer.at("/caravan/members/0/council/verdict/by").asText()).isEqualTo("votes");
        var event =
                UsageTopic.eventOf(response.headers().firstValue("x-request-id").orElseThrow());
        assertThat(event.path("model").asText()).isEqualTo("outer");
        assertThat(event.path("calls").size()).isBetween(3, 4);
        assertThat(event.path("total_tokens").asInt())
                .isEqualTo(answer.at("/usage/total_tokens").asInt());
    }

    @Test
    @DisplayName(
            "A5 cascade: where the last tier is a council, what is saved is what all of its members would have cost")
    void savedOnCouncil() {
        council("""
                  - name: dear
                    council: {models: [sim-large, sim-large]}
                  - name: upwards
                    council: {mode: cascade, models: [sim-echo, dear], check: {pattern: Hi}}
                """);

        var told = json(broker.post(CHAT, chat("upwards")).body()).path("caravan");

        var tokens = told.path("usage");
        var dear = 2
                * (tokens.path("prompt_tokens").asDouble() * 2
                        + tokens.path("completion_tokens").asDouble() * 8)
                / 1e6;
        assertThat(told.path("saved").asDouble())
                .isPositive()
                .isCloseTo(dear - told.path("cost").asDouble(), within(1e-12));
    }

    @Test
    @DisplayName("A5 A request may change what its council says, but for who sits in it if it does not name them")
    void changed() {
        council("""
                  - name: three
                    council: {models: [sim-echo, sim-echo, sim-echo], quorum: 3}
                """);

        var answer = json(broker.post(CHAT, chat("three", "\"cooperation\":{\"answers\":true,\"quorum\":1}"))
                .body());

        assertThat(answer.at("/caravan/members")).hasSize(3);
        assertThat(answer.at("/caravan/quorum").asInt()).isEqualTo(1);
        // two say the same, and the third need not be waited for
        assertThat(answer.at("/caravan/members").findValuesAsText("answer"))
                .hasSizeGreaterThan(1)
                .containsOnly("Hi");
    }

    @Test
    @DisplayName("A5 A council that is a member of itself is refused with file and line, and the last good state stays")
    void cycle() {
        council("""
                  - name: one
                    council: {models: [sim-echo]}
                """);
        var text = files.text(MODELS);

        files.write(MODELS, text + """
                  - name: two
                    council: {models: [sim-echo, three]}
                  - name: three
                    council:
                      strategy: selective
                      models: [sim-echo]
                      judge: two
                """);

        var error = files.awaitError(MODELS);
        assertThat(error.path("line").asInt()).isEqualTo((int) text.lines().count() + 4);
        assertThat(error.path("reason").asText())
                .isEqualTo("a council cannot be a member of itself, but three asks two asks three");
        assertThat(json(broker.post(CHAT, chat("one")).body())
                        .at("/choices/0/message/content")
                        .asText())
                .isEqualTo("Hi");
        files.write(MODELS, text);
        reload();
    }

    @Test
    @DisplayName("A5 A task is a prompt file, which a user may add while the broker runs")
    void tasks() {
        files.write("config/prompts/tasks/shout.md", "Shout: {question}");
        reload();
        try (var members = new Members()) {
            members.saying("a", "HI");
            var answer = json(broker.post(
                            CHAT,
                            chat(
                                    "x",
                                    "\"cooperation\":{\"mode\":\"pipeline\",\"steps\":[{\"model\":\""
                                            + members.name("a") + "\",\"task\":\"shout\"}]}"))
                    .body());
            assertThat(answer.at("/choices/0/message/content").asText()).isEqualTo("HI");
            assertThat(members.asked("a").getFirst().at("/messages/0/content").asText())
                    .isEqualTo("Shout: Hi");
        }
    }

    @Test
    @DisplayName(
            "A5 F1 F4 Over Kafka: councils by name, by request and at their endpoints, with the same body and rules")
    void kafka() throws IOException {
        council("""
                  - name: twins
                    council: {models: [sim-echo, sim-echo]}
                """);
        try (var jobs = new JobTopics(broker.kafka())) {
            var models = "\"models\":[\"sim-echo\",\"sim-echo\"]";
            jobs.sendAll(List.of(
                    job("by-name", chat("twins", "\"stream\":true")),
                    job("by-request", chat("x", "\"cooperation\":{\"strategy\":\"ensemble\"," + models + "}")),
                    at("parallel", "{\"query\":\"Hi\"," + models + ",\"stream\":true}"),
                    at("sequential", "{\"query\":\"Hi\"," + models + ",\"integration_strategy\":\"weighted\"}"),
                    at(
                            "pipeline",
                            "{\"query\":\"Hi\",\"pipeline_config\":[{\"model\":\"sim-echo\",\"task\":\"code\"}]}"),
                    at("cascade", "{\"query\":\"Hi\"," + models + ",\"check\":{\"agreement\":true}}"),
                    at("chaos", "{\"query\":\"Hi\"," + models + "}")));

            var byId = new HashMap<String, JsonNode>();
            for (var response : jobs.receive(7, PATIENCE)) {
                var value = json(new String(response.value(), UTF_8));
                byId.put(value.path("id").asText(), value);
            }
            for (var id : List.of("by-name", "parallel", "sequential", "pipeline", "cascade")) {
                var value = answer(byId, id);
                assertThat(value.at("/response/choices/0/message/content").asText())
                        .as(value.toString())
                        .isEqualTo("Hi");
                assertThat(value.at("/response/caravan/why").asText()).isNotEmpty();
            }
            assertThat(answer(byId, "by-request")
                            .at("/response/caravan/verdict/by")
                            .asText())
                    .isEqualTo("synthesis");
            assertThat(answer(byId, "chaos").at("/error/param").asText()).isEqualTo("mode");
            var event = UsageTopic.eventOf("parallel");
            assertThat(event.path("endpoint").asText()).isEqualTo("/v1/cooperation/parallel");
            assertThat(event.path("door").asText()).isEqualTo("kafka");
            assertThat(event.path("calls")).hasSize(2);
        }
    }

    @Test
    @DisplayName("A5 Condorcet: five simulated members of accuracy 0.7 are right as often as the theory says")
    void condorcet() {
        var models = IntStream.rangeClosed(1, 5)
                .mapToObj(seed -> "simulator:sim-oracle-70-" + seed)
                .toList();
        council("  - name: condorcet\n    council: {models: ["
                + String.join(
                        ", ", models.stream().map(model -> '"' + model + '"').toList()) + "]}\n");
        var trials = 400;
        var right = 0;
        var alone = 0;
        for (var trial = 0; trial < trials; trial++) {
            var sum = (1000 + 7 * trial) + (trial % 13);
            var question = "What is " + (1000 + 7 * trial) + " + " + trial % 13 + "?";
            var answer = json(broker.post(
                            CHAT,
                            "{\"model\":\"condorcet\",\"messages\":[{\"role\":\"user\",\"content\":\"" + question
                                    + "\"}],\"cooperation\":{\"answers\":true}}")
                    .body());
            right += answer.at("/choices/0/message/content").asText().equals(String.valueOf(sum)) ? 1 : 0;
            alone += json(broker.post(
                                            CHAT,
                                            "{\"model\":\"" + models.getFirst()
                                                    + "\",\"messages\":[{\"role\":\"user\",\"content\":\"" + question
                                                    + "\"}]}")
                                    .body())
                            .at("/choices/0/message/content")
                            .asText()
                            .equals(String.valueOf(sum))
                    ? 1
                    : 0;
        }
        assertThat(alone / (double) trials).isCloseTo(0.7, within(3.3 * Math.sqrt(0.7 * 0.3 / trials)));
        assertThat(right / (double) trials).isCloseTo(0.83692, within(3.3 * Math.sqrt(0.837 * 0.163 / trials)));
    }

    private static ProducerRecord<byte[], byte[]> at(String mode, String body) {
        var record = job(mode, body);
        record.headers().add("caravan-endpoint", utf8("/v1/cooperation/" + mode));
        return record;
    }

    private static JsonNode answer(Map<String, JsonNode> byId, String id) {
        return Objects.requireNonNull(byId.get(id), id);
    }

    private void council(String yaml) {
        files.write(MODELS, files.text(MODELS) + "\n" + yaml);
        reload();
    }

    private void reload() {
        var answer = broker.admin("POST", "/admin/config/reload", "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }
}
