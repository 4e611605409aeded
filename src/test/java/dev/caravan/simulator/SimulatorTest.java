package dev.caravan.simulator;

import static java.time.temporal.ChronoUnit.MILLIS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimulatorTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static Simulator simulator;
    private static HttpClient client;

    @BeforeAll
    static void start() {
        simulator = Simulator.start(SimulatorOptions.defaults());
        client = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        client.close();
        simulator.close();
    }

    @Test
    @DisplayName("F7 sim-echo answers with the last user message in a chat completion")
    void echo() throws Exception {
        var response = ask("""
                {"model": "sim-echo", "messages": [{"role": "user", "content": "first"},
                 {"role": "assistant", "content": "x"}, {"role": "user", "content": "Grüß dich"}]}""");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
        var body = JSON.readTree(response.body());
        assertThat(body.path("id").asText()).startsWith("chatcmpl-");
        assertThat(body.path("object").asText()).isEqualTo("chat.completion");
        assertThat(body.path("created").asLong())
                .isCloseTo(Instant.now().getEpochSecond(), org.assertj.core.data.Offset.offset(60L));
        assertThat(body.path("system_fingerprint").asText()).isNotEmpty();
        assertThat(body.at("/choices/0/message/role").asText()).isEqualTo("assistant");
        assertThat(body.at("/choices/0/message/content").asText()).isEqualTo("Grüß dich");
        assertThat(body.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        assertThat(body.at("/usage/prompt_tokens").asInt()).isEqualTo(4);
        assertThat(body.at("/usage/completion_tokens").asInt()).isEqualTo(3);
        assertThat(body.at("/usage/total_tokens").asInt()).isEqualTo(7);
    }

    @Test
    @DisplayName("F7 the text parts of a message are joined")
    void parts() throws Exception {
        var body = JSON.readTree(ask("""
                {"model": "sim-echo", "messages": [{"role": "user", "content": [{"type": "text", "text": "a "},
                 {"type": "image_url", "image_url": {"url": "data:,"}}, {"type": "text", "text": "b"}]}]}""").body());

        assertThat(body.at("/choices/0/message/content").asText()).isEqualTo("a b");
    }

    @Test
    @DisplayName("F7 the same prompt gets the same answer, another prompt another one")
    void deterministic() throws Exception {
        assertThat(small("Why?")).isEqualTo(small("Why?")).isNotEqualTo(small("How?"));
    }

    @Test
    @DisplayName("F7 n choices are answered, and max_tokens cuts each of them")
    void choicesAndLength() throws Exception {
        var body = JSON.readTree(ask("""
                {"model": "sim-small", "n": 3, "max_completion_tokens": 5, "simulate": {"delay_ms": 0},
                 "messages": [{"role": "user", "content": "Why?"}]}""").body());

        assertThat(body.path("choices")).hasSize(3).allSatisfy(choice -> {
            assertThat(choice.at("/message/content").asText()).hasSize(20);
            assertThat(choice.path("finish_reason").asText()).isEqualTo("length");
        });
        assertThat(body.at("/usage/completion_tokens").asInt()).isEqualTo(15);
    }

    @Test
    @DisplayName("F7 a stream is role, words, reason, usage and [DONE], all under one id")
    void stream() throws Exception {
        var response = ask("""
                {"model": "sim-echo", "stream": true, "stream_options": {"include_usage": true},
                 "messages": [{"role": "user", "content": "one two  three"}]}""");

        assertThat(response.headers().firstValue("content-type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
        var chunks = chunks(response.body());
        assertThat(chunks)
                .extracting(chunk -> chunk.path("id").asText())
                .containsOnly(chunks.getFirst().path("id").asText());
        assertThat(chunks)
                .extracting(chunk -> chunk.path("choices").toString())
                .containsExactly(
                        delta("{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}", "null"),
                        delta("{\"content\":\"one\"}", "null"),
                        delta("{\"content\":\" two\"}", "null"),
                        delta("{\"content\":\"  three\"}", "null"),
                        delta("{}", "\"stop\""),
                        "[]");
        assertThat(chunks.getFirst().path("usage").isNull()).isTrue();
        assertThat(chunks.getLast().at("/usage/total_tokens").asInt()).isEqualTo(8);
    }

    @Test
    @DisplayName("F7 a stream tells no usage unless it is asked to")
    void streamWithoutUsage() throws Exception {
        var chunks = chunks(ask("""
                {"model": "sim-echo", "stream": true, "max_tokens": 1,
                 "messages": [{"role": "user", "content": "longer"}]}""").body());

        assertThat(chunks).noneMatch(chunk -> chunk.has("usage"));
        assertThat(chunks.get(1).at("/choices/0/delta/content").asText()).isEqualTo("long");
        assertThat(chunks.getLast().at("/choices/0/finish_reason").asText()).isEqualTo("length");
    }

    @Test
    @DisplayName("F7 delay and token rate are kept")
    void pace() throws Exception {
        var start = System.nanoTime();
        var response = ask("""
                {"model": "sim-echo", "stream": true, "simulate": {"delay_ms": 100, "tokens_per_second": 20},
                 "messages": [{"role": "user", "content": "four four four four"}]}""");

        assertThat(response.body()).contains("[DONE]");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.of(340, MILLIS));
    }

    @ParameterizedTest
    @DisplayName("F7 a status that is asked for comes with OpenAI's error body")
    @CsvSource({"401,invalid_request_error", "429,requests", "500,server_error", "503,server_error"})
    void status(int status, String type) throws Exception {
        var response = ask("""
                {"model": "sim-echo", "simulate": {"status": %d}, "stream": true,
                 "messages": [{"role": "user", "content": "x"}]}""".formatted(status));

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(JSON.readTree(response.body()).at("/error/type").asText()).isEqualTo(type);
        assertThat(response.headers().firstValue("retry-after").isPresent()).isEqualTo(status == 429);
    }

    @Test
    @DisplayName("F7 with a failure rate of 1 every request fails")
    void failureRate() throws Exception {
        assertThat(ask("""
                {"model": "sim-echo", "simulate": {"failure_rate": 1},
                 "messages": [{"role": "user", "content": "x"}]}""").statusCode()).isEqualTo(500);
    }

    @ParameterizedTest
    @DisplayName("F7 bad input is refused and the field named")
    @CsvSource(delimiter = '|', textBlock = """
            {                                                                                      |400|
            []                                                                                     |400|
            {"messages":[{"role":"user","content":"x"}]}                                           |400|model
            {"model":7,"messages":[{"role":"user","content":"x"}]}                                 |400|model
            {"model":"sim-echo"}                                                                   |400|messages
            {"model":"sim-echo","messages":[]}                                                     |400|messages
            {"model":"sim-echo","messages":["x"]}                                                  |400|messages[0]
            {"model":"sim-echo","messages":[{"role":"user","content":"x"}],"n":0}                  |400|n
            {"model":"sim-echo","messages":[{"role":"user","content":"x"}],"max_tokens":"7"}       |400|max_tokens
            {"model":"sim-echo","messages":[{"role":"user","content":"x"}],"stream":"yes"}         |400|stream
            {"model":"sim-echo","messages":[{"role":"user","content":"x"}],"simulate":{"status":2}}|400|simulate.status
            {"model":"gpt","messages":[{"role":"user","content":"x"}]}                             |404|
            """)
    void badInput(String json, int status, String param) throws Exception {
        var response = ask(json);

        assertThat(response.statusCode()).isEqualTo(status);
        var error = JSON.readTree(response.body()).path("error");
        assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
        assertThat(error.path("param").asText(null)).isEqualTo(param);
        assertThat(error.path("code").asText().equals("model_not_found")).isEqualTo(status == 404);
    }

    @Test
    @DisplayName("F7 the models are listed, and an unknown url is not found")
    void models() throws Exception {
        var list = JSON.readTree(send(request("/models").GET()).body());

        assertThat(list.path("data"))
                .extracting(model -> model.path("id").asText())
                .containsExactly("sim-echo", "sim-small", "sim-large", "sim-embed");
        assertThat(send(request("/nothing").GET()).statusCode()).isEqualTo(404);
    }

    @Test
    @DisplayName("F7 a client that goes away while the simulator thinks leaves nobody behind")
    void clientGone() {
        try (var own = Simulator.start(SimulatorOptions.defaults())) {
            var asked = client.sendAsync(
                    HttpRequest.newBuilder(URI.create(own.url() + "/chat/completions"))
                            .POST(HttpRequest.BodyPublishers.ofString("""
                                    {"model": "sim-echo", "simulate": {"delay_ms": 3600000},
                                     "messages": [{"role": "user", "content": "x"}]}"""))
                            .build(),
                    BodyHandlers.ofString());
            await().until(() -> own.inFlight() == 1);

            asked.cancel(true);

            await().atMost(Duration.ofSeconds(2)).until(() -> own.inFlight() == 0);
        }
    }

    private static String small(String prompt) throws Exception {
        var body = ask("""
                {"model": "sim-small", "simulate": {"delay_ms": 0, "tokens_per_second": 0},
                 "messages": [{"role": "user", "content": "%s"}]}""".formatted(prompt)).body();
        return JSON.readTree(body).at("/choices/0/message/content").asText();
    }

    private static String delta(String delta, String reason) {
        return "[{\"index\":0,\"delta\":" + delta + ",\"logprobs\":null,\"finish_reason\":" + reason + "}]";
    }

    private static List<JsonNode> chunks(String sse) throws IOException {
        assertThat(sse).endsWith("data: [DONE]\n\n");
        var events = sse.substring(0, sse.lastIndexOf("data: [DONE]"))
                .lines()
                .filter(line -> !line.isEmpty())
                .peek(line -> assertThat(line).startsWith("data: {"))
                .map(line -> line.substring("data: ".length()));
        var values = JSON.readerFor(JsonNode.class).<JsonNode>readValues(String.join("\n", events.toList()));
        return StreamSupport.stream(((Iterable<JsonNode>) () -> values).spliterator(), false)
                .toList();
    }

    private static HttpResponse<String> ask(String json) throws Exception {
        return send(request("/chat/completions").POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(simulator.url() + path)).timeout(Duration.ofSeconds(20));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }
}
