package dev.caravan.http;

import static dev.caravan.http.Analysis.SUMMARY;
import static dev.caravan.http.Analysis.answers;
import static dev.caravan.http.Analysis.body;
import static dev.caravan.http.Analysis.id;
import static dev.caravan.http.Analysis.paragraphs;
import static dev.caravan.http.Analysis.said;
import static dev.caravan.http.Analysis.summary;
import static dev.caravan.http.Errors.error;
import static dev.caravan.http.Errors.json;
import static dev.caravan.testing.JobTopics.ids;
import static dev.caravan.testing.JobTopics.job;
import static dev.caravan.testing.JobTopics.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.testing.EditedFiles;
import dev.caravan.testing.JobTopics;
import dev.caravan.testing.RunningBroker;
import dev.caravan.testing.UsageTopic;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Services, asked over HTTP and Kafka. */
class ServicesTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ANALYSIS = Analysis.PATH;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final RunningBroker broker = RunningBroker.shared();
    private final Members members = new Members();
    private final EditedFiles files = new EditedFiles();

    @AfterEach
    void close() {
        files.close();
        members.close();
    }

    @Test
    @DisplayName(
            "A6 A document is analysed: success, result in its form, processing_time in seconds, model_used, no error")
    void analysis() {
        members.with("m", answers("Here it is:\n```json\n" + SUMMARY + "\n```\nAnything else?"));

        var response = summary(members.name("m"), "A long story.", "");

        var reply = json(response.body());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(reply.path("success").asBoolean()).isTrue();
        assertThat(reply.path("result")).isEqualTo(json(SUMMARY));
        assertThat(reply.path("processing_time").isDouble()).isTrue();
        assertThat(reply.path("model_used").asText()).isEqualTo(members.name("m"));
        assertThat(reply.has("error") && reply.path("error").isNull()).isTrue();
        assertThat(reply.at("/metadata/calls").asInt()).isEqualTo(1);
        assertThat(reply.at("/metadata/usage/total_tokens").asInt()).isEqualTo(5);
        var asked = members.asked("m").getFirst();
        assertThat(asked.at("/messages/0/content").asText())
                .contains("summary of a few sentences", "10 at most", "\"key_points\"")
                .doesNotContain("language: ")
                .doesNotContainPattern("\\{[a-z_]+}");
        assertThat(asked.at("/messages/1/content").asText()).isEqualTo("A long story.");
        assertThat(asked.has("response_format") || asked.has("content") || asked.has("parameters"))
                .isFalse();
    }

    @Test
    @DisplayName(
            "A6 data_insight and decision_support: parameters are in the question, and what stands beside them is as in a chat")
    void parameters() {
        members.with(
                "m",
                answers("{\"summary\":\"Up.\",\"trends\":[{\"metric\":\"sales\",\"direction\":\"up\","
                        + "\"description\":\"from 100K to 110K\"}]}"));

        var insight = json(broker.post("/v1/services/data_insight", """
                {"content":"Q1: 100K, Q2: 120K, Q3: 110K","temperature":0.2,
                "parameters":{"insight_type":"trends","question":"Is {task} growing?","model":"%s"}}""".formatted(members.name("m")))
                .body());

        assertThat(insight.at("/result/trends/0/direction").asText()).isEqualTo("up");
        var asked = members.asked("m").getFirst();
        assertThat(asked.path("temperature").asDouble()).isEqualTo(0.2);
        assertThat(asked.at("/messages/0/content").asText()).contains("Is {task} growing?", "list the trends");

        members.with(
                "d",
                answers("{\"summary\":\"Where to go\",\"criteria\":[],\"options\":[],\"recommendation\":"
                        + "{\"option\":\"Rome\",\"reason\":\"Sun\",\"confidence\":\"high\"}}"));
        var decision = json(broker.post("/v1/services/decision_support", """
                {"content":"Where shall we go?","parameters":{"options":["Rome","Oslo"],"model":"%s"}}""".formatted(members.name("d")))
                .body());
        assertThat(decision.at("/result/recommendation/option").asText()).isEqualTo("Rome");
        assertThat(members.asked("d").getFirst().at("/messages/0/content").asText())
                .contains("no others: Rome; Oslo.")
                .doesNotContain("the criteria, and no others");
    }

    @Test
    @DisplayName("A6 A model that is known to hold to a JSON Schema is asked with one, strictly where that is possible")
    void schema() {
        files.write("config/providers.yaml", files.text("config/providers.yaml") + """

                  - name: of-services
                    type: openai-compatible
                    base_url: %s
                    api_key: none
                """.formatted(members.url()));
        files.awaitInForce("config/providers.yaml");
        files.write("config/models.yaml", files.text("config/models.yaml") + """

                  - {name: schooled, provider: of-services, path: s, supported_tasks: [text, json]}
                """);
        files.awaitInForce("config/models.yaml");
        members.with("s", answers(SUMMARY));

        var reply = json(summary("schooled", "A story.", "").body());

        assertThat(reply.path("result")).isEqualTo(json(SUMMARY));
        assertThat(reply.path("model_used").asText()).isEqualTo("schooled");
        var asked = members.asked("s").getFirst();
        assertThat(asked.at("/response_format/type").asText()).isEqualTo("json_schema");
        assertThat(asked.at("/response_format/json_schema/strict").asBoolean()).isTrue();
        assertThat(asked.at("/response_format/json_schema/name").asText()).isEqualTo("document_analysis");
        assertThat(asked.at("/response_format/json_schema/schema/properties/summary/type")
                        .asText())
                .isEqualTo("string");
        assertThat(asked.at("/messages/0/content").asText()).doesNotContain("key_points");
    }

    @Test
    @DisplayName(
            "A6 An answer that has not the form is repaired once, with what was wrong; one that still has not is a text")
    void repair() {
        var turn = new AtomicInteger();
        members.with(
                "m",
                call -> call.json(
                        200, said(turn.incrementAndGet() == 1 ? "{\"summary\":7,\"key_points\":[]}" : SUMMARY)));
        var repaired = json(summary(members.name("m"), "A story.", "").body());
        assertThat(repaired.path("result")).isEqualTo(json(SUMMARY));
        assertThat(repaired.at("/metadata/repaired").asBoolean()).isTrue();
        assertThat(repaired.at("/metadata/usage/total_tokens").asInt()).isEqualTo(10);
        var again = members.asked("m").get(1).path("messages");
        assertThat(again.at("/2/role").asText() + again.at("/2/content").asText())
                .isEqualTo("assistant{\"summary\":7,\"key_points\":[]}");
        assertThat(again.at("/3/content").asText()).contains("integer found, string expected", "\"key_points\"");

        members.with("n", answers("I would rather not."));
        var response = summary(members.name("n"), "A story.", "");
        var text = json(response.body());
        assertThat(text.path("success").asBoolean()).as(response.body()).isTrue();
        assertThat(text.path("result")).isEqualTo(json("{\"text\":\"I would rather not.\"}"));
        assertThat(members.asked("n")).hasSize(2);
        assertThat(UsageTopic.eventOf(id(response)).path("calls")).hasSize(2);
    }

    @Test
    @DisplayName("A4 A5 A6 A service runs on what is chosen for it, and on a council")
    void choiceAndCouncil() {
        var chosen = json(broker.post(ANALYSIS, "{\"content\":\"Hello!\"}").body());
        assertThat(chosen.path("model_used").asText()).startsWith("sim-small");
        assertThat(chosen.at("/result/text").isTextual()).isTrue();

        files.write("config/models.yaml", files.text("config/models.yaml") + """

                  - name: jury
                    council: {models: [sim-echo, sim-small, sim-echo]}
                """);
        files.awaitInForce("config/models.yaml");
        var response =
                summary("jury", "Hello!", ",\"simulate\":{\"answer\":\"" + SUMMARY.replace("\"", "\\\"") + "\"}");
        var agreed = json(response.body());
        assertThat(agreed.path("result")).as(response.body()).isEqualTo(json(SUMMARY));
        assertThat(agreed.path("model_used").asText()).isEqualTo("jury");
        assertThat(UsageTopic.eventOf(id(response)).path("calls").size()).isBetween(2, 3);
    }

    @Test
    @DisplayName(
            "A6 C10 Unknown service 404, missing or wrong parameter and missing content 400 with the field; a failure as everywhere")
    void errors() {
        assertThat(error(broker.post("/v1/services/poetry", "{}"), 404, "not_found")
                        .path("message")
                        .asText())
                .contains("decision_support");
        refused("{}", "content");
        refused("{\"content\":\" \"}", "content");
        refused("{\"content\":\"x\",\"parameters\":[]}", "parameters");
        refused("{\"content\":\"x\",\"parameters\":{\"analysis_type\":\"poem\"}}", "parameters.analysis_type");
        refused("{\"content\":\"x\",\"parameters\":{\"max_points\":\"3\"}}", "parameters.max_points");
        refused("{\"content\":\"x\",\"parameters\":{\"colour\":\"red\"}}", "parameters.colour");
        refused("{\"content\":\"x\",\"parameters\":{\"model\":\"\"}}", "parameters.model");
        refused("{\"content\":\"x\",\"model\":\"sim-echo\"}", "model");
        refused("{\"content\":\"x\",\"stream\":true}", "stream");
        refused("{\"content\":\"x\",\"temperature\":9}", "temperature");
        assertThat(broker.post(ANALYSIS, "[").statusCode()).isEqualTo(400);
        assertThat(error(summary("nobody", "x", ""), 404, "model_not_found")
                        .path("param")
                        .asText())
                .isEqualTo("parameters.model");
        var failed = error(
                summary("sim-echo", "x", ",\"retry_count\":0,\"simulate\":{\"status\":500}"), 502, "inference_failed");
        assertThat(failed.at("/details/request_id").isTextual()).isTrue();
        assertThat(error(summary("sim-echo", paragraphs(20_000), ""), 413, "too_large")
                        .path("param")
                        .asText())
                .isEqualTo("content");
    }

    @Test
    @DisplayName("A6 GET /v1/services lists services with parameters, defaults and the schema of each result")
    void list() {
        var list = json(broker.get("/v1/services").body());

        assertThat(list.path("data").findValuesAsText("service_type"))
                .contains("data_insight", "decision_support", "document_analysis");
        var analysis = list.path("data")
                .valueStream()
                .filter(each -> each.path("service_type").asText().equals("document_analysis"))
                .findFirst()
                .orElseThrow();
        assertThat(analysis.at("/parameters/properties/model/default").asText()).isEqualTo("auto");
        assertThat(analysis.at("/parameters/properties/analysis_type/default").asText())
                .isEqualTo("full");
        assertThat(analysis.path("result_by").asText()).isEqualTo("analysis_type");
        assertThat(analysis.at("/results/summary/properties/summary/type").asText())
                .isEqualTo("string");
        assertThat(broker.send(broker.request("/v1/services", "wrong")).statusCode())
                .isEqualTo(401);
    }

    @Test
    @DisplayName("A6 F1 Services over Kafka: the same body, the same reply, the same errors, one event")
    void kafka() throws Exception {
        try (var jobs = new JobTopics(broker.kafka())) {
            members.with("m", answers(SUMMARY));
            var done = ask(jobs, "service-done", ANALYSIS, body(members.name("m"), "A story.", ""));
            assertThat(done.path("status").asText()).as(done.toString()).isEqualTo("ok");
            assertThat(done.at("/response/success").asBoolean()).isTrue();
            assertThat(done.at("/response/result")).isEqualTo(json(SUMMARY));
            assertThat(UsageTopic.eventOf("service-done").path("endpoint").asText())
                    .isEqualTo(ANALYSIS);

            var wrong = ask(jobs, "service-wrong", ANALYSIS, "{\"content\":\"x\",\"parameters\":{\"max_points\":0}}");
            assertThat(wrong.path("status").asText()).isEqualTo("error");
            assertThat(wrong.at("/error/param").asText()).isEqualTo("parameters.max_points");

            var unknown = ask(jobs, "service-unknown", "/v1/services/poetry", "{}");
            assertThat(unknown.at("/error/code").asText()).isEqualTo("not_found");
        }
    }

    private static JsonNode ask(JobTopics jobs, String id, String endpoint, String json) throws Exception {
        ProducerRecord<byte[], byte[]> record = job(id, json);
        record.headers().add("caravan-endpoint", utf8(endpoint));
        jobs.send(record);
        return JSON.readTree(jobs.receiveUntil(all -> ids(all).contains(id), PATIENCE).stream()
                .filter(each -> ids(List.of(each)).contains(id))
                .findFirst()
                .orElseThrow()
                .value());
    }

    private void refused(String body, String param) {
        assertThat(error(broker.post(ANALYSIS, body), 400, "invalid_request")
                        .path("param")
                        .asText())
                .isEqualTo(param);
    }
}
