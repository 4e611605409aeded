package dev.caravan.http;

import static dev.caravan.http.Errors.error;
import static dev.caravan.http.Errors.json;
import static dev.caravan.testing.Providers.chat;
import static dev.caravan.testing.Providers.completion;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.testing.Providers;
import dev.caravan.testing.RunningBroker;
import dev.caravan.testing.ScriptedUpstream;
import dev.caravan.testing.UsageTopic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every dialect, from the caller's request to the provider and back, with what the vendors are documented to send. */
class DialectPathTest {

    private static final String PATH = "/v1/chat/completions";
    private static final String STREAM = "\"stream\":true";
    private static final String ONCE = "\"retry\":{\"max_retries\":0}";

    private final RunningBroker broker = RunningBroker.shared();

    @ParameterizedTest
    @DisplayName("D2 A whole answer of each dialect, asked for at its own path")
    @CsvSource({
        "anthropic,anthropic,/v1/messages",
        "gemini,gemini,/v1beta/models/m:generateContent",
        "aliyun,dashscope,/services/aigc/text-generation/generation",
        "ollama,ollama,/api/chat",
        "zhipu,zhipu,/chat/completions"
    })
    void whole(String type, String golden, String path) throws Exception {
        try (var upstream = ScriptedUpstream.start(call -> call.json(200, text(golden, "basic.answer.json")))) {
            var name = Providers.create(type, upstream.host(), "");
            var expected = json(text(golden, "basic.response.json"));

            var response = broker.post(PATH, chat(name + ":m"));

            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            var answer = json(response.body());
            assertThat(answer.path("choices"))
                    .isEqualTo(
                            expected.at("/response/choices").isMissingNode()
                                    ? expected.path("choices")
                                    : expected.at("/response/choices"));
            assertThat(answer.path("provider").asText()).isEqualTo(name);
            assertThat(answer.path("model").asText()).isEqualTo(name + ":m");
            var call = upstream.next();
            assertThat(call.head()).startsWith("POST " + path + " HTTP/1.1\r\n");
            var event = UsageTopic.eventOf(id(response));
            assertThat(event.path("total_tokens").asInt())
                    .isEqualTo(answer.at("/usage/total_tokens").asInt())
                    .isPositive();
        }
    }

    @ParameterizedTest
    @DisplayName("D3 A stream of each dialect, asked for at its own path")
    @CsvSource({
        "anthropic,anthropic/stream.sse,/v1/messages",
        "gemini,gemini/stream.sse,/v1beta/models/m:streamGenerateContent?alt=sse",
        "aliyun,dashscope/stream.sse,/services/aigc/text-generation/generation",
        "ollama,ollama/stream.ndjson,/api/chat",
        "zhipu,zhipu/stream.sse,/chat/completions"
    })
    void streamed(String type, String golden, String path) throws Exception {
        try (var upstream = ScriptedUpstream.start(call -> call.wholeStream(bytes(golden)))) {
            var name = Providers.create(type, upstream.host(), "");
            try (var client =
                    StreamClient.ask(chat(name + ":m", STREAM + ",\"stream_options\":{\"include_usage\":true}"))) {
                assertThat(client.status()).isEqualTo(200);
                var events = client.events();

                assertThat(upstream.next().head()).startsWith("POST " + path + " HTTP/1.1\r\n");
                assertThat(events).last().isEqualTo("[DONE]");
                var chunks = events.stream()
                        .limit(events.size() - 1L)
                        .map(Errors::json)
                        .toList();
                assertThat(content(chunks)).isNotEmpty();
                assertThat(chunks)
                        .filteredOn(chunk -> !chunk.at("/choices/0/finish_reason")
                                .asText("null")
                                .equals("null"))
                        .singleElement()
                        .satisfies(chunk -> assertThat(
                                        chunk.at("/choices/0/finish_reason").asText())
                                .isEqualTo("stop"));
                assertThat(chunks)
                        .extracting(chunk -> chunk.path("id").asText())
                        .containsOnly(chunks.getFirst().path("id").asText());
                var event = UsageTopic.eventOf(client.requestId());
                assertThat(event.path("total_tokens").asInt())
                        .isEqualTo(chunks.getLast().at("/usage/total_tokens").asInt())
                        .isPositive();
                assertThat(event.at("/calls/0/estimated").asBoolean()).isFalse();
            }
        }
    }

    @ParameterizedTest
    @DisplayName("C10 Errors of each dialect: 500 and 401 are 502, 429 stays; the broker's key is in none")
    @ValueSource(strings = {"anthropic", "gemini", "aliyun", "ollama", "zhipu"})
    void errors(String type) throws Exception {
        var status = new int[] {500};
        try (var upstream = ScriptedUpstream.start(call -> call.json(
                status[0],
                "{\"error\":{\"message\":\"no " + Providers.KEY + "\"},\"message\":\"no\",\"code\":\"x\"}"))) {
            var name = Providers.create(type, upstream.host(), ONCE);
            for (var each : List.of(List.of(500, 502), List.of(401, 502), List.of(429, 429))) {
                status[0] = each.getFirst();
                var response = broker.post(PATH, chat(name + ":m"));
                assertThat(response.statusCode())
                        .as("%s %s", type, response.body())
                        .isEqualTo(each.getLast());
                assertThat(response.body()).doesNotContain(Providers.KEY);
            }
        }
    }

    @Test
    @DisplayName(
            "B8 A stream that fails before its first token falls back to another dialect; nothing of one provider reaches"
                    + " the next, neither its key nor its headers")
    void fallsBack() throws Exception {
        try (var none = ScriptedUpstream.start(call -> call.send("HTTP/1.1 404 x\r\nX-Of-The-First: 1\r\n"
                        + "Content-Length: 2\r\nConnection: close\r\n\r\n{}"));
                var cut = ScriptedUpstream.start(ScriptedUpstream.Call::stream);
                var whole = ScriptedUpstream.start(call -> call.wholeStream(bytes("ollama/stream.ndjson")))) {
            var nobody = Providers.create(none.url(), ONCE);
            var first = Providers.create("anthropic", cut.host(), ONCE);
            var second = Providers.create("ollama", whole.host(), ONCE);
            try (var client = StreamClient.ask(
                    chat(nobody + ":m", STREAM + ",\"fallback_providers\":[\"" + first + "\",\"" + second + "\"]"))) {
                var events = client.events();
                assertThat(json(events.getFirst()).path("provider").asText()).isEqualTo(second);
                assertThat(events).last().isEqualTo("[DONE]");
                var asked = cut.next();
                assertThat(asked.hasHeader("x-api-key")).isTrue();
                assertThat(asked.hasHeader("Authorization")).isFalse();
                assertThat(asked.hasHeader("X-Of-The-First")).isFalse();
                assertThat(whole.next().hasHeader("x-api-key")).isFalse();
                assertThat(UsageTopic.eventOf(client.requestId()).path("calls"))
                        .extracting(call -> call.path("provider").asText())
                        .containsExactly(nobody, first, second);
            }
        }
    }

    @Test
    @DisplayName(
            "B2 C8 A stream that breaks after its first token ends with an error; what was spent is in the usage event,"
                    + " and it counts as one call that failed, so that ten of them open the breaker and nine do not")
    void breaksLater() throws Exception {
        var all = new String(bytes("anthropic/stream.sse"), UTF_8);
        var part = all.substring(0, all.indexOf("event: content_block_stop"));
        try (var upstream = ScriptedUpstream.start(call -> call.wholeStream(part.getBytes(UTF_8)))) {
            var name = Providers.create("anthropic", upstream.host(), ONCE);
            for (var i = 0; i < 10; i++) {
                try (var client = StreamClient.ask(chat(name + ":m", STREAM))) {
                    var events = client.events();
                    assertThat(json(events.getLast()).at("/error/code").asText())
                            .isEqualTo("inference_failed");
                    if (i == 0) {
                        var call = UsageTopic.eventOf(client.requestId())
                                .path("calls")
                                .path(0);
                        assertThat(call.path("status").asInt()).isEqualTo(502);
                        assertThat(call.path("prompt_tokens").asInt()).isPositive();
                        assertThat(call.path("completion_tokens").asInt()).isPositive();
                    }
                }
            }
            var error = error(broker.post(PATH, chat(name + ":m")), 503, "service_unavailable");
            assertThat(error.at("/details/cause").asText()).isEqualTo("breaker_open");
        }
    }

    @Test
    @DisplayName("D2 What stands in a path comes from no placeholder: a model's name is only a name")
    void noPlaceholders() throws Exception {
        try (var upstream = ScriptedUpstream.start(call -> call.json(200, text("gemini", "basic.answer.json")))) {
            var name = Providers.create("gemini", upstream.host(), "");
            broker.post(PATH, chat(name + ":{{caravan.data}}/../x?y=#"));
            assertThat(upstream.next().head()).startsWith("POST /v1beta/%7B%7Bcaravan.data%7D%7D/../x%3Fy%3D%23:");
        }
    }

    @Test
    @DisplayName("B8 A provider that cannot do what matters is passed over for one that can")
    void passedOver() throws Exception {
        try (var ollama = ScriptedUpstream.start(call -> call.json(200, text("ollama", "basic.answer.json")));
                var other = ScriptedUpstream.start(call -> call.json(200, completion("heard")))) {
            var deaf = Providers.create("ollama", ollama.host(), ONCE);
            var hears = Providers.create(other.url(), ONCE);
            var audio = "{\"model\":\"" + deaf + ":m\",%s\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":"
                    + "\"input_audio\",\"input_audio\":{\"data\":\"AAAA\",\"format\":\"wav\"}}]}]}";

            var refused = error(broker.post(PATH, audio.formatted("")), 400, "invalid_request");
            assertThat(refused.path("param").asText()).isEqualTo("messages[0].content[0]");
            assertThat(refused.at("/details/cause").asText()).isEqualTo("unsupported");

            var passed = broker.post(PATH, audio.formatted("\"fallback_providers\":[\"" + hears + "\"],"));
            assertThat(json(passed.body()).path("provider").asText()).isEqualTo(hears);
            assertThat(ollama.waiting()).isZero();
            assertThat(UsageTopic.eventOf(id(passed)).path("calls")).hasSize(1);
        }
    }

    @Test
    @DisplayName(
            "B1 What a vendor cannot do is dropped with a header or refused, as the request, the model or the provider"
                    + " says; never silently")
    void unsupported() throws Exception {
        try (var upstream = ScriptedUpstream.start(call -> {
            if (call.body().contains("\"stream\":true")) {
                call.wholeStream(bytes("anthropic/stream.sse"));
            } else {
                call.json(200, text("anthropic", "basic.answer.json"));
            }
        })) {
            var lenient = Providers.create("anthropic", upstream.host(), "");
            var strict = Providers.create("anthropic", upstream.host(), "\"unsupported\":\"refuse\"");
            var fields = "\"seed\":1,\"logit_bias\":{\"1\":1}";

            for (var stream : List.of("", ",\"stream\":true")) {
                var dropped = broker.post(PATH, chat(lenient + ":m", fields + stream));
                assertThat(dropped.statusCode()).isEqualTo(200);
                assertThat(dropped.headers().firstValue("x-caravan-dropped")).contains("seed, logit_bias");
                assertThat(upstream.next().body()).doesNotContain("seed");
            }
            for (var ask : List.of(
                    chat(lenient + ":m", fields + ",\"unsupported\":\"refuse\""), chat(strict + ":m", fields))) {
                var refused = error(broker.post(PATH, ask), 400, "invalid_request");
                assertThat(refused.path("param").asText()).isEqualTo("seed");
                assertThat(refused.path("message").asText()).contains("Anthropic");
            }
            assertThat(upstream.waiting()).isZero();
            var overruled = broker.post(PATH, chat(strict + ":m", fields + ",\"unsupported\":\"drop\""));
            assertThat(overruled.statusCode()).isEqualTo(200);
            assertThat(upstream.next().body()).doesNotContain("unsupported");
            var hostile = broker.post(PATH, chat(lenient + ":m", "\"a\\r\\nx-evil: é\":1"));
            assertThat(hostile.headers().firstValue("x-caravan-dropped")).contains("a??x-evil: ?");
            error(broker.post(PATH, chat(lenient + ":m", "\"unsupported\":\"ignore\"")), 400, "invalid_request");
        }
    }

    private static String content(List<JsonNode> chunks) {
        return chunks.stream()
                .map(chunk -> chunk.at("/choices/0/delta/content").asText(""))
                .collect(Collectors.joining());
    }

    private static String id(HttpResponse<String> response) {
        return response.headers().firstValue("x-request-id").orElseThrow();
    }

    private static String text(String golden, String file) {
        return new String(bytes(golden + "/" + file), UTF_8);
    }

    private static byte[] bytes(String file) {
        try {
            return Files.readAllBytes(Path.of("src/test/golden", file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
