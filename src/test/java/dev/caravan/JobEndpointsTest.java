package dev.caravan;

import static dev.caravan.testing.JobTopics.ids;
import static dev.caravan.testing.JobTopics.job;
import static dev.caravan.testing.JobTopics.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.testing.JobTopics;
import dev.caravan.testing.Providers;
import dev.caravan.testing.RunningBroker;
import dev.caravan.testing.ScriptedUpstream;
import dev.caravan.testing.UsageTopic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Requests from Kafka for other endpoints than chats. */
class JobEndpointsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JobTopics jobs = new JobTopics(RunningBroker.shared().kafka());

    @AfterEach
    void close() {
        jobs.close();
    }

    @Test
    @DisplayName("F1 B3 A completion from Kafka; 'stream' is ignored")
    void completion() throws Exception {
        var value = ask("job-completion", "/v1/completions", """
                {"model":"sim-echo","prompt":["a","b"],"stream":true,"stream_options":{"include_usage":true}}""");

        assertThat(value.path("status").asText()).as(value.toString()).isEqualTo("ok");
        assertThat(value.at("/response/object").asText()).isEqualTo("text_completion");
        assertThat(value.at("/response/choices/1/text").asText()).isEqualTo("b");
        var event = UsageTopic.eventOf("job-completion");
        assertThat(event.path("endpoint").asText()).isEqualTo("/v1/completions");
        assertThat(event.path("door").asText()).isEqualTo("kafka");
    }

    @Test
    @DisplayName("F1 D4 Vectors from Kafka, and what is wrong with a request for them")
    void embedding() throws Exception {
        var value = ask("job-embedding", "/v1/embeddings", """
                {"model":"sim-embed","input":["a","b"],"dimensions":8,"stream":true}""");

        assertThat(value.path("status").asText()).as(value.toString()).isEqualTo("ok");
        assertThat(value.at("/response/object").asText()).isEqualTo("list");
        assertThat(value.at("/response/data/1/embedding")).hasSize(8);
        assertThat(UsageTopic.eventOf("job-embedding").path("endpoint").asText())
                .isEqualTo("/v1/embeddings");

        var wrong = ask("job-wrong", "/v1/embeddings", "{\"model\":\"sim-embed\"}");
        assertThat(wrong.at("/error/code").asText()).isEqualTo("invalid_request");
        assertThat(wrong.at("/error/param").asText()).isEqualTo("input");
    }

    @Test
    @DisplayName("F4 D4 An answer that no response record can hold is an error record, not tried for ever")
    void tooLarge() throws Exception {
        var numbers = "0.123456789,".repeat(1_100_000) + "1";
        try (var upstream = ScriptedUpstream.start(call -> call.json(
                200,
                "{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"index\":0,\"embedding\":[" + numbers
                        + "]}],\"model\":\"m\",\"usage\":{\"prompt_tokens\":1,\"total_tokens\":1}}"))) {
            var name = Providers.create(upstream.url());

            var value = ask("job-large", "/v1/embeddings", "{\"model\":\"" + name + ":m\",\"input\":\"a\"}");

            assertThat(value.at("/error/code").asText()).isEqualTo("too_large");
            assertThat(value.at("/error/message").asText()).contains("base64");
            assertThat(UsageTopic.eventOf("job-large").path("status_code").asInt())
                    .isEqualTo(413);
        }
    }

    @Test
    @DisplayName("F1 A2 A3 A4 An inference from Kafka has the answer that it has over HTTP, and the same errors")
    void inference() throws Exception {
        var asked = "{\"prompt\":\"one two\",\"model_name\":\"sim-echo\",\"context\":{}}";

        var value = ask("job-inference", "/v1/inference", asked);

        assertThat(value.path("status").asText()).as(value.toString()).isEqualTo("ok");
        var overHttp = overHttp("/v1/inference", asked);
        assertThat(names(value.path("response"))).isEqualTo(names(overHttp));
        assertThat(value.at("/response/text").asText()).isEqualTo("one two");
        assertThat(value.at("/response/model_name").asText()).isEqualTo("sim-echo");
        assertThat(value.at("/response/usage")).isEqualTo(overHttp.path("usage"));
        assertThat(value.at("/response/metadata/request_id").asText()).isEqualTo("job-inference");
        var event = UsageTopic.eventOf("job-inference");
        assertThat(event.path("endpoint").asText()).isEqualTo("/v1/inference");
        assertThat(event.path("calls")).hasSize(1);

        for (var wrong : List.of(
                "{}",
                "{\"prompt\":\"x\",\"model_name\":\"nobody\"}",
                "{\"prompt\":\"x\",\"stream\":true}",
                "{\"prompt\":\"x\",\"context\":{\"tier\":\"best\"}}",
                "[")) {
            var refused = ask("job-" + wrong, "/v1/inference", wrong);
            assertThat(unnumbered(refused.path("error")))
                    .isEqualTo(unnumbered(overHttp("/v1/inference", wrong).path("error")));
        }
    }

    @Test
    @DisplayName("A4 An explained choice from Kafka is the one over HTTP; the header steers it, and nobody is asked")
    void route() throws Exception {
        var asked = "{\"query\":\"Hello!\"}";

        var value = ask("job-route", "/v1/route", asked);

        assertThat(value.path("status").asText()).as(value.toString()).isEqualTo("ok");
        assertThat(value.at("/response/tier").asText()).isEqualTo("lightweight");
        assertThat(names(value.path("response"))).isEqualTo(names(overHttp("/v1/route", asked)));
        assertThat(value.at("/response/complexity/features"))
                .isEqualTo(overHttp("/v1/route", asked).at("/complexity/features"));
        var event = UsageTopic.eventOf("job-route");
        assertThat(event.path("status_code").asInt()).isEqualTo(200);
        assertThat(event.path("calls")).isEmpty();

        var steered = job("job-steered", asked);
        steered.headers().add("x-caravan-context", utf8("{\"tier\":\"reasoning\"}"));
        assertThat(ask("job-steered", "/v1/route", steered).at("/response/tier").asText())
                .isEqualTo("reasoning");

        for (var wrong : List.of("{}", "{\"query\":3}", "{\"query\":\"x\",\"model\":\"nobody\"}")) {
            var refused = ask("job-route-" + wrong, "/v1/route", wrong);
            assertThat(unnumbered(refused.path("error")))
                    .isEqualTo(unnumbered(overHttp("/v1/route", wrong).path("error")));
        }
    }

    private static JsonNode overHttp(String endpoint, String json) throws Exception {
        return JSON.readTree(RunningBroker.shared().post(endpoint, json).body());
    }

    private static List<String> names(JsonNode object) {
        return Stream.concat(object.properties().stream(), object.path("metadata").properties().stream())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Without the id of the request, which no two have in common. */
    private static JsonNode unnumbered(JsonNode error) {
        assertThat(error.isObject()).isTrue();
        ((ObjectNode) error.path("details")).remove("request_id");
        return error;
    }

    private JsonNode ask(String id, String endpoint, String json) throws Exception {
        return ask(id, endpoint, job(id, json));
    }

    private JsonNode ask(String id, String endpoint, ProducerRecord<byte[], byte[]> record) throws Exception {
        record.headers().add("caravan-endpoint", utf8(endpoint));
        jobs.send(record);
        var response = jobs.receiveUntil(all -> ids(all).contains(id), PATIENCE).stream()
                .filter(each -> ids(List.of(each)).contains(id))
                .findFirst()
                .orElseThrow();
        return JSON.readTree(response.value());
    }
}
