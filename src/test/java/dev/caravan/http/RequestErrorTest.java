package dev.caravan.http;

import static dev.caravan.http.Errors.error;
import static dev.caravan.http.Errors.json;
import static dev.caravan.testing.Providers.chat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.RunningBroker;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the caller did wrong is told by field. */
class RequestErrorTest {

    private static final String PATH = "/v1/chat/completions";

    private final RunningBroker broker = RunningBroker.shared();

    @ParameterizedTest
    @DisplayName("B10 C10 A wrong field is named in param, and the message says what would be right")
    @CsvSource(
            delimiter = '|',
            value = {
                "temperature|2.1|",
                "temperature|\"hot\"|",
                "top_p|-0.1|",
                "top_p|[]|",
                "n|0|",
                "n|1.5|",
                "stream|\"yes\"|",
                "max_tokens|0|",
                "max_tokens|99999999999999999999|",
                "max_completion_tokens|-1|",
                "presence_penalty|-2.5|",
                "frequency_penalty|3|",
                "stop|5|",
                "stop|[1]|",
                "user|7|",
                "seed|\"x\"|",
                "logprobs|1|",
                "top_logprobs|21|",
                "logit_bias|[]|",
                "response_format|\"json\"|",
                "metadata|1|",
                "tools|{}|",
                "parallel_tool_calls|0|",
                "provider|1|",
                "provider|\"nobody\"|",
                "fallback_providers|\"simulator\"|",
                "fallback_providers[0]|[1]|fallback_providers",
                "fallback_providers[0]|[\"nobody\"]|fallback_providers",
                "timeout|0|",
                "timeout|\"60\"|",
                "retry_count|-1|",
                "retry_count|11|",
                "stream_options|5|",
                "stream_options|{\"include_usage\":true}|",
                "stream_options.include_usage|{\"include_usage\":1}|stream_options"
            })
    void wrongField(String param, String value, @Nullable String field) {
        var name = field == null ? param : field;

        var error = error(broker.post(PATH, chat("sim-echo", "\"" + name + "\":" + value)), 400, "invalid_request");

        assertThat(error.path("param").asText()).isEqualTo(param);
        assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
        assertThat(error.path("message").asText()).isNotBlank();
    }

    @ParameterizedTest
    @DisplayName("B10 C10 Wrong messages and a wrong model are named to the place")
    @CsvSource(
            delimiter = '|',
            value = {
                "model|{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}",
                "model|{\"model\":\"\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}",
                "model|{\"model\":1,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}",
                "model|{\"model\":null,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}",
                "messages|{\"model\":\"sim-echo\"}",
                "messages|{\"model\":\"sim-echo\",\"messages\":null}",
                "messages|{\"model\":\"sim-echo\",\"messages\":[]}",
                "messages|{\"model\":\"sim-echo\",\"messages\":\"x\"}",
                "messages[0]|{\"model\":\"sim-echo\",\"messages\":[\"x\"]}",
                "messages[0].role|{\"model\":\"sim-echo\",\"messages\":[{\"content\":\"x\"}]}",
                "messages[0].role|{\"model\":\"sim-echo\",\"messages\":[{\"role\":\"boss\",\"content\":\"x\"}]}",
                "messages[0].content|{\"model\":\"sim-echo\",\"messages\":[{\"role\":\"user\"}]}",
                "messages[0].content|{\"model\":\"sim-echo\",\"messages\":[{\"role\":\"user\",\"content\":1}]}",
                "messages[0].content[0]|{\"model\":\"sim-echo\",\"messages\":[{\"role\":\"user\",\"content\":[1]}]}"
            })
    void wrongMessages(String param, String body) {
        assertThat(error(broker.post(PATH, body), 400, "invalid_request")
                        .path("param")
                        .asText())
                .isEqualTo(param);
    }

    @ParameterizedTest
    @DisplayName("B10 A body that is no JSON object is 400, and never a bug of ours")
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "\"x\"",
                "{",
                "{\"model\":}",
                "{\"model\":\"sim-echo\"} more",
                "{\"model\":\"sim-echo\",\"model\":\"sim-small\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}",
                "{\"model\":\"sim-echo\",\"mod\\u0065l\":\"sim-small\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}",
                "\u0000{\"model\":\"sim-echo\"}",
                "{\"model\":\"sim-echo\",\"x\":NaN}",
                "\uFEFF{}",
                "not json"
            })
    void badJson(String body) {
        error(broker.post(PATH, body), 400, "invalid_request");
    }

    @Test
    @DisplayName("B10 Nesting without end and bytes that are no UTF-8 are 400 too")
    void hostileJson() {
        error(broker.post(PATH, chat("sim-echo", "\"x\":" + "[".repeat(200_000))), 400, "invalid_request");
        error(
                broker.post(PATH, chat("sim-echo", "\"x\":" + "{\"a\":".repeat(5_000) + "1" + "}".repeat(5_000))),
                400,
                "invalid_request");
        var broken = chat("sim-echo").replace("Hi", "H\u00ff").getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        var response =
                broker.send(broker.request(PATH, RunningBroker.CLIENT_KEY).POST(BodyPublishers.ofByteArray(broken)));
        error(response, 400, "invalid_request");
        error(broker.post(PATH, "\0\0\0{\0\u0011\0\0"), 400, "invalid_request");
    }

    @Test
    @DisplayName("B13 The content type does not matter, and a NUL in a text comes back as it went")
    void contentType() {
        var response = broker.send(broker.request(PATH, RunningBroker.CLIENT_KEY)
                .setHeader("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString(chat("sim-echo").replace("Hi", "a\\u0000b"))));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json(response.body()).at("/choices/0/message/content").asText())
                .isEqualTo("a\0b");
    }

    @Test
    @DisplayName("C10 The error body satisfies OpenAI's and the orchestrator's form at once")
    void shape() {
        var response = broker.send(broker.request(PATH, RunningBroker.CLIENT_KEY)
                .header("x-request-id", "my-id:1")
                .POST(BodyPublishers.ofString(chat("no-such-model"))));

        var body = json(response.body());
        assertThat(List.copyOf(body.properties()))
                .extracting(java.util.Map.Entry::getKey)
                .containsExactly("error", "timestamp", "request_id");
        assertThat(Instant.parse(body.path("timestamp").asText()))
                .isBetween(Instant.now().minus(Duration.ofMinutes(1)), Instant.now());
        assertThat(body.path("request_id").asText()).isEqualTo("my-id:1");
        var error = error(response, 404, "model_not_found");
        assertThat(List.copyOf(error.properties()))
                .extracting(java.util.Map.Entry::getKey)
                .containsExactly("message", "type", "param", "code", "details");
        assertThat(error.path("message").asText()).contains("no-such-model");
        assertThat(error.path("details").path("request_id").asText()).isEqualTo("my-id:1");
        assertThat(response.headers().firstValue("content-type")).contains("application/json");
        assertThat(response.headers().firstValue("x-request-id")).contains("my-id:1");
    }

    @ParameterizedTest
    @DisplayName("C10 Every response has an x-request-id; one that could do harm in a log is replaced")
    @ValueSource(strings = {"two words", "<b>", "a\"b", "é"})
    void insaneRequestId(String id) {
        var response =
                broker.send(broker.request("/healthz", RunningBroker.CLIENT_KEY).header("x-request-id", id));

        assertThat(response.headers().firstValue("x-request-id"))
                .hasValueSatisfying(own -> assertThat(own).startsWith("req_"));
    }

    @ParameterizedTest
    @DisplayName("C10 Unknown paths and methods get the same body")
    @CsvSource({"/v1/nothing,404,not_found", "/v1/chat/completions,405,method_not_allowed", "/,404,not_found"})
    void paths(String path, int status, String code) {
        error(broker.get(path), status, code);
    }
}
