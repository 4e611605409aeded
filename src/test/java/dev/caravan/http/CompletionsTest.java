package dev.caravan.http;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static dev.caravan.http.Errors.error;
import static dev.caravan.http.Errors.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.BadRequestException;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionCreateParams;
import dev.caravan.testing.Providers;
import dev.caravan.testing.RunningBroker;
import dev.caravan.testing.ScriptedUpstream;
import dev.caravan.testing.UsageTopic;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** OpenAI's older completions, over HTTP. */
class CompletionsTest {

    private static final String PATH = "/v1/completions";
    private static final String ONCE = "\"retry\":{\"max_retries\":0}";
    private static final String COMPLETION = """
            {"id":"cmpl-1","object":"text_completion","created":1700000000,"model":"m","choices":[\
            {"text":"one","index":0,"logprobs":null,"finish_reason":"stop"}],\
            "usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}""";

    @RegisterExtension
    final WireMockExtension upstream = WireMockExtension.newInstance()
            .options(wireMockConfig().dynamicPort())
            .build();

    private final RunningBroker broker = RunningBroker.shared();
    private final OpenAIClient client = OpenAIOkHttpClient.builder()
            .baseUrl(broker.url() + "/v1")
            .apiKey(RunningBroker.CLIENT_KEY)
            .build();

    @Test
    @DisplayName("B3 B13 The SDK asks for a completion: a prompt, a list of them, several answers, an echo")
    void sdk() {
        var one =
                client.completions().create(ask("sim-echo").prompt("Once upon").build());
        assertThat(one.choices().getFirst().text()).isEqualTo("Once upon");
        assertThat(one.model()).isEqualTo("sim-echo");
        assertThat(one.id()).startsWith("cmpl-");
        assertThat(one.usage())
                .hasValueSatisfying(usage -> assertThat(usage.totalTokens()).isPositive());

        var many = client.completions()
                .create(ask("sim-echo")
                        .promptOfArrayOfStrings(List.of("a", "b"))
                        .n(2)
                        .echo(true)
                        .build());
        assertThat(many.choices()).extracting(choice -> choice.text()).containsExactly("aa", "aa", "bb", "bb");
        assertThat(many.choices()).extracting(choice -> choice.index()).containsExactly(0L, 1L, 2L, 3L);
    }

    @Test
    @DisplayName("B2 B3 The SDK streams a completion, from a provider that has them and from one that chats only")
    void streamed() throws Exception {
        assertThat(streamed("sim-echo", "one two three")).isEqualTo("one two three");
        try (var ollama = ScriptedUpstream.start(
                call -> call.wholeStream(Files.readAllBytes(Path.of("src/test/golden/ollama/stream.ndjson"))))) {
            var name = Providers.create("ollama", ollama.host(), "");
            assertThat(streamed(name + ":m", "How far?")).contains("384,400");
            assertThat(ollama.next().head()).startsWith("POST /api/chat HTTP/1.1\r\n");
        }
    }

    @Test
    @DisplayName(
            "B3 A provider of OpenAI's kin gets the request as it came, at its own path and on the same connections")
    void passedThrough() {
        upstream.stubFor(post(urlPathEqualTo("/v1/completions")).willReturn(okJson(COMPLETION)));
        var name = Providers.create(upstream.baseUrl() + "/v1", "\"max_connections\":1");
        var fields = ",\"best_of\":2,\"suffix\":\"!\",\"logprobs\":5,\"vendors_own\":{\"a\":[1.50]}";

        for (var prompt : List.of("\"a\"", "[\"a\",\"b\"]", "[1,2,3]", "[[1,2],[3]]")) {
            upstream.resetRequests();
            var response = broker.post(
                    PATH, body(name + ":m", prompt, fields + ",\"provider\":null,\"timeout\":60,\"retry_count\":0"));
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            upstream.verify(postRequestedFor(urlPathEqualTo("/v1/completions"))
                    .withRequestBody(equalToJson(body("m", prompt, fields))));
            var answer = json(response.body());
            assertThat(answer.path("object").asText()).isEqualTo("text_completion");
            assertThat(answer.path("model").asText()).isEqualTo(name + ":m");
            assertThat(answer.path("provider").asText()).isEqualTo(name);
            assertThat(answer.path("latency_ms").isIntegralNumber()).isTrue();
            var event = UsageTopic.eventOf(id(response));
            assertThat(event.path("endpoint").asText()).isEqualTo(PATH);
            assertThat(event.path("completion_id").asText()).isEqualTo("cmpl-1");
            assertThat(event.path("total_tokens").asInt()).isEqualTo(5);
        }
    }

    @ParameterizedTest
    @DisplayName("B3 Other dialects are asked as a chat with one message, and answer in the form of completions")
    @CsvSource({
        "anthropic,anthropic,/v1/messages",
        "gemini,gemini,/v1beta/models/m:generateContent",
        "aliyun,dashscope,/services/aigc/text-generation/generation",
        "ollama,ollama,/api/chat",
        "zhipu,zhipu,/chat/completions",
        "deepseek,zhipu,/chat/completions"
    })
    void asChat(String type, String golden, String path) throws Exception {
        var body = Files.readString(Path.of("src/test/golden", golden, "basic.answer.json"));
        try (var provider = ScriptedUpstream.start(call -> call.json(200, body))) {
            var name = Providers.create(type, provider.host(), "");

            var response = broker.post(PATH, body(name + ":m", "\"How far is the moon?\"", ",\"max_tokens\":50"));

            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            var answer = json(response.body());
            assertThat(answer.path("object").asText()).isEqualTo("text_completion");
            assertThat(answer.at("/choices/0/text").asText()).contains("384,400");
            assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
            assertThat(answer.at("/choices/0").has("message")).isFalse();
            assertThat(provider.next().head()).startsWith("POST " + path + " HTTP/1.1\r\n");
            assertThat(UsageTopic.eventOf(id(response)).path("total_tokens").asInt())
                    .isEqualTo(answer.at("/usage/total_tokens").asInt())
                    .isPositive();
        }
    }

    @ParameterizedTest
    @DisplayName("B3 A list of prompts with n is asked in parts: each text has its number, and usage is the sum")
    @ValueSource(booleans = {false, true})
    void inParts(boolean stream) throws Exception {
        try (var ollama = ScriptedUpstream.start(call -> {
            var said = json(call.body()).at("/messages/0/content").asText();
            if (stream) {
                call.wholeStream((line(said + "1", false) + "\n" + line("!", true) + "\n").getBytes());
            } else {
                call.json(200, line(said + "1!", true));
            }
        })) {
            var name = Providers.create("ollama", ollama.host(), "");
            var more = ",\"n\":2,\"echo\":true"
                    + (stream ? ",\"stream\":true,\"stream_options\":{\"include_usage\":true}" : "");

            var response = broker.post(PATH, body(name + ":m", "[\"a\",\"b\",\"c\"]", more));

            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            var answers = stream ? events(response) : List.of(json(response.body()));
            var texts = new TreeMap<Integer, String>();
            answers.forEach(answer -> answer.path("choices")
                    .forEach(choice -> texts.merge(
                            choice.path("index").asInt(), choice.path("text").asText(), String::concat)));
            assertThat(texts.values()).containsExactly("aa1!", "aa1!", "bb1!", "bb1!", "cc1!", "cc1!");
            assertThat(answers.getLast().at("/usage/prompt_tokens").asInt()).isEqualTo(6 * 7);
            assertThat(answers.getLast().at("/usage/completion_tokens").asInt()).isEqualTo(6 * 2);
            assertThat(answers)
                    .extracting(answer -> answer.path("object").asText())
                    .containsOnly("text_completion");
            assertThat(UsageTopic.eventOf(id(response)).path("calls")).hasSize(6);
        }
    }

    @Test
    @DisplayName("B3 B8 A part that fails lets the next provider answer the whole, which gets the list as it came")
    void fallsBack() throws Exception {
        try (var ollama = ScriptedUpstream.start(call -> {
            if (json(call.body()).at("/messages/0/content").asText().equals("b")) {
                call.json(500, "{}");
            } else {
                call.json(200, line("x", true));
            }
        })) {
            var name = Providers.create("ollama", ollama.host(), ONCE);
            var response = broker.post(
                    PATH,
                    body(
                            name + ":sim-echo",
                            "[\"a\",\"b\"]",
                            ",\"retry_count\":0,\"fallback_providers\":[\"simulator\"]"));

            var answer = json(response.body());
            assertThat(answer.path("provider").asText()).as(response.body()).isEqualTo("simulator");
            assertThat(answer.path("choices"))
                    .extracting(choice -> choice.path("text").asText())
                    .containsExactly("a", "b");
        }
    }

    @Test
    @DisplayName("B3 What a chat cannot do is a clear 400, or dropped and told, and never asked")
    void refused() throws Exception {
        try (var provider = ScriptedUpstream.start(call -> call.json(200, line("x", true)))) {
            var name = Providers.create("ollama", provider.host(), "");
            for (var each : List.of(
                    List.of("[1,2]", "", "prompt"),
                    List.of("[1,2]", ",\"unsupported\":\"drop\"", "prompt"),
                    List.of("\"a\"", ",\"suffix\":\"b\"", "suffix"),
                    List.of("\"a\"", ",\"best_of\":2", "best_of"),
                    List.of("\"a\"", ",\"max_tokens\":0", "max_tokens"))) {
                var refused =
                        error(broker.post(PATH, body(name + ":m", each.get(0), each.get(1))), 400, "invalid_request");
                assertThat(refused.path("param").asText()).isEqualTo(each.get(2));
                assertThat(refused.at("/details/cause").asText()).isEqualTo("unsupported");
            }
            assertThat(provider.waiting()).isZero();
            var dropped = broker.post(PATH, body(name + ":m", "\"a\"", ",\"suffix\":\"b\",\"unsupported\":\"drop\""));
            assertThat(dropped.headers().firstValue("x-caravan-dropped")).contains("suffix");
        }
    }

    @ParameterizedTest
    @DisplayName("B10 Bad input is told with its field")
    @CsvSource(delimiter = '|', textBlock = """
                    {"model":"sim-echo"}                                   | prompt
                    {"model":"sim-echo","prompt":[]}                       | prompt
                    {"model":"sim-echo","prompt":["a",1]}                  | prompt[1]
                    {"model":"sim-echo","prompt":[[1],[]]}                 | prompt[1]
                    {"model":"sim-echo","prompt":[[1],["a"]]}              | prompt[1][0]
                    {"model":"sim-echo","prompt":{"a":1}}                  | prompt
                    {"model":"sim-echo","prompt":[true]}                   | prompt[0]
                    {"prompt":"a"}                                         | model
                    {"model":"sim-echo","prompt":"a","n":3,"best_of":2}    | best_of
                    {"model":"sim-echo","prompt":"a","logprobs":true}      | logprobs
                    {"model":"sim-echo","prompt":"a","max_tokens":-1}      | max_tokens
                    {"model":"sim-echo","prompt":"a","stream_options":{}}  | stream_options
                    """)
    void badInput(String body, String param) {
        assertThat(error(broker.post(PATH, body), 400, "invalid_request")
                        .path("param")
                        .asText())
                .isEqualTo(param);
    }

    @Test
    @DisplayName("B3 C10 Errors, keys and unknown models are as for chats; the SDK raises them")
    void errors() {
        upstream.stubFor(
                post(urlPathEqualTo("/completions")).willReturn(aResponse().withStatus(500)));
        var name = Providers.create(upstream.baseUrl(), ONCE);

        var failed = error(broker.post(PATH, body(name + ":m", "\"a\"", "")), 502, "inference_failed");
        assertThat(failed.at("/details/cause").asText()).isEqualTo("provider_error");
        error(broker.post(PATH, body("no-such-model", "\"a\"", "")), 404, "model_not_found");
        var bad = catchThrowableOfType(
                BadRequestException.class,
                () -> client.completions()
                        .create(ask("sim-echo").prompt("a").temperature(7.0).build()));
        assertThat(bad.param()).contains("temperature");
        var denied = broker.send(
                broker.request(PATH, "wrong").POST(HttpRequest.BodyPublishers.ofString(body("sim-echo", "\"a\"", ""))));
        error(denied, 401, "unauthorized");
    }

    private static CompletionCreateParams.Builder ask(String model) {
        return CompletionCreateParams.builder().model(model);
    }

    private String streamed(String model, String prompt) {
        try (var stream =
                client.completions().createStreaming(ask(model).prompt(prompt).build())) {
            var chunks = stream.stream().toList();
            assertThat(chunks)
                    .extracting(Completion::id)
                    .containsOnly(chunks.getFirst().id());
            var text = new StringBuilder();
            chunks.forEach(chunk -> chunk.choices().forEach(choice -> text.append(choice.text())));
            return text.toString();
        }
    }

    private static List<JsonNode> events(HttpResponse<String> response) {
        assertThat(response.body()).endsWith("data: [DONE]\n\n");
        return response.body()
                .lines()
                .filter(line -> line.startsWith("data: {"))
                .map(line -> json(line.substring("data: ".length())))
                .toList();
    }

    private static String body(String model, String prompt, String more) {
        return "{\"model\":\"" + model + "\",\"prompt\":" + prompt + more + "}";
    }

    private static String line(String text, boolean last) {
        return "{\"model\":\"m\",\"created_at\":\"2026-01-01T00:00:00Z\",\"message\":{\"role\":\"assistant\",\"content\":\""
                + text + "\"},\"done\":" + last
                + (last ? ",\"done_reason\":\"stop\",\"prompt_eval_count\":7,\"eval_count\":2" : "") + "}";
    }

    private static String id(HttpResponse<String> response) {
        return response.headers().firstValue("x-request-id").orElseThrow();
    }
}
