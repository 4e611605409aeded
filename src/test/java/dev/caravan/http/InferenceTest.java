package dev.caravan.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.testing.Providers;
import dev.caravan.testing.RunningBroker;
import dev.caravan.testing.ScriptedUpstream;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class InferenceTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final RunningBroker broker = RunningBroker.shared();

    @Test
    @DisplayName("A2 A3 One prompt to one model: text, model, success, error, usage, latency in seconds and metadata")
    void answers() {
        var response = broker.post("/v1/inference", "{\"prompt\":\"one two\",\"model_name\":\"sim-echo\"}");
        var reply = json(response);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(reply.path("text").asText()).isEqualTo("one two");
        assertThat(reply.path("model_name").asText()).isEqualTo("sim-echo");
        assertThat(reply.path("success").asBoolean()).isTrue();
        assertThat(reply.path("error").isNull()).isTrue();
        assertThat(reply.at("/usage/total_tokens").asInt()).isPositive();
        assertThat(reply.path("latency").isDouble()).isTrue();
        assertThat(reply.at("/metadata/provider").asText()).isEqualTo("simulator");
        assertThat(reply.at("/metadata/finish_reason").asText()).isEqualTo("stop");
        assertThat(reply.at("/metadata/request_id").asText())
                .isEqualTo(response.headers().firstValue("x-request-id").orElseThrow());
    }

    @Test
    @DisplayName("A2 What is not said is as documented, and extra parameters reach the provider")
    void parameters() throws Exception {
        try (var upstream = ScriptedUpstream.start(call -> call.json(200, Providers.completion("Hi")))) {
            var name = Providers.create(upstream.url());

            broker.post(
                    "/v1/inference",
                    "{\"prompt\":\"x\",\"model_name\":\"" + name + ":m\",\"extra_params\":{\"top_k\":5}}");
            var asked = JSON.readTree(upstream.next().body());
            assertThat(asked.path("max_tokens").asInt()).isEqualTo(1024);
            assertThat(asked.path("temperature").asDouble()).isEqualTo(0.7);
            assertThat(asked.path("top_k").asInt()).isEqualTo(5);
            assertThat(asked.path("model").asText()).isEqualTo("m");
            assertThat(asked.at("/messages/0/content").asText()).isEqualTo("x");
            assertThat(asked.has("prompt") || asked.has("model_name") || asked.has("extra_params"))
                    .isFalse();

            broker.post(
                    "/v1/inference",
                    "{\"prompt\":\"x\",\"model_name\":\"" + name + ":m\",\"max_tokens\":7,\"temperature\":0,"
                            + "\"extra_params\":{\"max_tokens\":9,\"model\":\"other\"}}");
            asked = JSON.readTree(upstream.next().body());
            assertThat(asked.path("max_tokens").asInt()).isEqualTo(7);
            assertThat(asked.path("temperature").asDouble()).isZero();
            assertThat(asked.path("model").asText()).isEqualTo("m");
        }
    }

    @Test
    @DisplayName("A2 A4 Without a model one is chosen, and the metadata say why")
    void auto() {
        var reply = json(broker.post("/v1/inference", "{\"prompt\":\"Hello!\"}"));

        assertThat(reply.path("model_name").asText()).isEqualTo("sim-small");
        assertThat(reply.at("/metadata/task_type").asText()).isEqualTo("chat");
        assertThat(reply.at("/metadata/tier").asText()).isEqualTo("lightweight");
    }

    @Test
    @DisplayName("A10 B10 What fails is an error as everywhere, with the field that is to blame")
    void errors() {
        refused("{}", 400, "invalid_request", "prompt");
        refused("{\"prompt\":\"x\",\"model_name\":3}", 400, "invalid_request", "model_name");
        refused("{\"prompt\":\"x\",\"model_name\":\"nobody\"}", 404, "model_not_found", "model");
        refused("{\"prompt\":\"x\",\"temperature\":9}", 400, "invalid_request", "temperature");
        refused("{\"prompt\":\"x\",\"extra_params\":[]}", 400, "invalid_request", "extra_params");
        refused("{\"prompt\":\"x\",\"stream\":true}", 400, "invalid_request", "stream");
        assertThat(broker.post("/v1/inference", "[").statusCode()).isEqualTo(400);
    }

    private void refused(String body, int status, String code, String param) {
        var response = broker.post("/v1/inference", body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(json(response).at("/error/code").asText()).isEqualTo(code);
        assertThat(json(response).at("/error/param").asText()).isEqualTo(param);
    }

    private static JsonNode json(HttpResponse<String> response) {
        try {
            return JSON.readTree(response.body());
        } catch (JsonProcessingException e) {
            throw new AssertionError(response.body(), e);
        }
    }
}
