package dev.caravan.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.caravan.chat.ChatChunk;
import dev.caravan.chat.ErrorCode;
import dev.caravan.testing.RunningBroker;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class CaravanClientTest {

    private static final ChatCompletionParams HELLO = ChatCompletionParams.builder()
            .model("sim-echo")
            .addSystemMessage("Be an echo.")
            .addUserMessage("Hello, \"🐫\"!")
            .temperature(0.5)
            .maxTokens(100)
            .build();

    private final RunningBroker broker = RunningBroker.shared();

    @Test
    @DisplayName("D1 A broker answers: at once, later, and in pieces")
    void answers() throws Exception {
        try (var client = client(RunningBroker.CLIENT_KEY)) {
            var completions = client.chat().completions();

            var response = completions.create(HELLO);
            assertThat(response.text()).isEqualTo("Hello, \"🐫\"!");
            assertThat(response.source().value("provider")).hasValue("\"simulator\"");
            assertThat(completions.createAsync(HELLO).get().text()).isEqualTo("Hello, \"🐫\"!");
            try (var chunks = completions.createStreaming(HELLO).stream()) {
                assertThat(text(chunks.toList())).isEqualTo("Hello, \"🐫\"!");
            }
        }
    }

    @Test
    @DisplayName("D1 What the client says to the broker reaches it, and so does any other field")
    void extensions() {
        try (var client = client(RunningBroker.CLIENT_KEY)) {
            var params = ChatCompletionParams.builder()
                    .model("sim-echo")
                    .addMessage(Map.of("role", "user", "content", "Hi"))
                    .put("provider", "nobody")
                    .build();

            assertThatThrownBy(() -> client.chat().completions().create(params))
                    .isExactlyInstanceOf(CaravanException.class)
                    .asInstanceOf(type(CaravanException.class))
                    .returns(400, CaravanException::status)
                    .returns("provider", e -> e.error().param());
        }
    }

    @Test
    @DisplayName("D1 The models are listed, and one is found by its name")
    void models() {
        try (var client = client(RunningBroker.CLIENT_KEY)) {
            assertThat(client.models().list()).extracting(Model::id).contains("sim-echo");
            assertThat(client.models().retrieve("sim-echo")).returns("simulator", Model::provider);
            assertThatThrownBy(() -> client.models().retrieve("a:b/c d"))
                    .asInstanceOf(type(CaravanException.class))
                    .returns(ErrorCode.MODEL_NOT_FOUND, e -> e.error().code());
        }
    }

    @Test
    @DisplayName("D7 A wrong key is an authentication exception, whole and streamed, with what the broker says")
    void authentication() {
        try (var client = client("wrong")) {
            assertThatThrownBy(() -> client.chat().completions().create(HELLO))
                    .isInstanceOf(AuthenticationException.class);
            assertThatThrownBy(() -> client.chat().completions().createStreaming(HELLO))
                    .isInstanceOf(AuthenticationException.class)
                    .message()
                    .isNotBlank();
            assertThatThrownBy(() -> client.models().list()).isInstanceOf(AuthenticationException.class);
        }
    }

    @Test
    @DisplayName("D7 Too many requests are a rate limit exception, with how long to wait")
    void rateLimit() throws IOException {
        try (var server = StubServer.of(429, Map.of("Retry-After", "7"), "{\"error\":{\"message\":\"slow down\"}}");
                var client = CaravanClient.builder().baseUrl(server.url()).build()) {
            assertThatThrownBy(() -> client.chat().completions().create(HELLO))
                    .hasMessage("slow down")
                    .asInstanceOf(type(RateLimitException.class))
                    .returns(Duration.ofSeconds(7), e -> e.retryAfter().orElseThrow());
        }
    }

    @Test
    @DisplayName(
            "D7 When the broker has repeated all that was worth it, the client says so; other failures have the parent's type")
    void exhausted() throws IOException {
        var body = "{\"error\":{\"message\":\"All 2 providers failed\"}}";
        try (var server = StubServer.of(503, Map.of("x-should-retry", "false"), body);
                var client = CaravanClient.builder().baseUrl(server.url()).build()) {
            assertThatThrownBy(() -> client.chat().completions().create(HELLO))
                    .isInstanceOf(RetriesExhaustedException.class)
                    .hasMessageContaining("All 2 providers failed");
        }
        try (var server = StubServer.of(200, Map.of(), "<html>");
                var client = CaravanClient.builder().baseUrl(server.url()).build()) {
            assertThatThrownBy(() -> client.chat().completions().create(HELLO))
                    .isExactlyInstanceOf(CaravanException.class);
            assertThatThrownBy(() -> client.models().list()).isExactlyInstanceOf(CaravanException.class);
        }
    }

    @Test
    @DisplayName("D7 Nobody there, or nobody answering in time, is told as such")
    void unreachable() throws IOException {
        var closed = StubServer.of(200, Map.of(), "");
        closed.close();
        try (var client = CaravanClient.builder().baseUrl(closed.url()).build()) {
            assertThatThrownBy(() -> client.chat().completions().create(HELLO))
                    .asInstanceOf(type(CaravanException.class))
                    .returns("cannot_connect", e -> e.error().cause());
        }
        try (var silent = new StubServer(_ -> {});
                var client = CaravanClient.builder()
                        .baseUrl(silent.url())
                        .timeout(Duration.ofMillis(200))
                        .build()) {
            assertThatThrownBy(() -> client.chat().completions().create(HELLO))
                    .asInstanceOf(type(CaravanException.class))
                    .returns(ErrorCode.TIMEOUT, e -> e.error().code());
            assertThatThrownBy(() -> client.chat().completions().createStreaming(HELLO))
                    .asInstanceOf(type(CaravanException.class))
                    .returns(ErrorCode.TIMEOUT, e -> e.error().code());
        }
    }

    @Test
    @DisplayName("B10 Wrong parameters are refused before anything is sent")
    void wrongParameters() throws IOException {
        try (var client = client(RunningBroker.CLIENT_KEY)) {
            var hot = ChatCompletionParams.builder()
                    .model("m")
                    .addUserMessage("x")
                    .temperature(3)
                    .build();

            assertThatThrownBy(() -> client.chat().completions().create(hot))
                    .asInstanceOf(type(CaravanException.class))
                    .returns("temperature", e -> e.error().param());
            assertThat(client.chat().completions().createAsync(hot)).isCompletedExceptionally();
        }
    }

    @Test
    @DisplayName("D1 A stream that is closed early lets go of its connection")
    void closedEarly() throws Exception {
        var letGo = new CompletableFuture<Boolean>();
        try (var server = new StubServer(exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    var chunk = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"}}]}\n\n".getBytes(UTF_8);
                    try (var out = exchange.getResponseBody()) {
                        while (true) {
                            out.write(chunk);
                            out.flush();
                        }
                    } catch (IOException e) {
                        letGo.complete(true);
                    }
                });
                var client = CaravanClient.builder().baseUrl(server.url()).build()) {
            try (var stream = client.chat().completions().createStreaming(HELLO)) {
                assertThat(stream.iterator().next().choices()).hasSize(1);
            }
            assertThat(letGo.get(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    @DisplayName("D1 A stream that breaks ends with an exception, after what had come")
    void broken() throws IOException {
        var body = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"}}]}\n\n"
                + "data: {\"error\":{\"message\":\"no more\"}}\n\n";
        try (var server = StubServer.of(200, Map.of(), body);
                var client = CaravanClient.builder().baseUrl(server.url()).build();
                var stream = client.chat().completions().createStreaming(HELLO)) {
            var chunks = stream.iterator();

            assertThat(text(List.of(chunks.next()))).isEqualTo("x");
            assertThatThrownBy(chunks::hasNext).hasMessageContaining("no more");
        }
    }

    @Test
    @DisplayName("D1 Cancelling what comes later lets go of the request")
    void cancelled() throws Exception {
        var asked = new CountDownLatch(1);
        var cancelled = new CountDownLatch(1);
        try (var server = new StubServer(_ -> {
                    asked.countDown();
                    cancelled.await();
                });
                var client = CaravanClient.builder().baseUrl(server.url()).build()) {
            var answer = client.chat().completions().createAsync(HELLO);
            assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();

            assertThat(answer.cancel(true)).isTrue();
            assertThat(answer).isCompletedExceptionally();
            cancelled.countDown();
        }
    }

    private CaravanClient client(String key) {
        return CaravanClient.builder()
                .baseUrl(broker.url() + "/v1/")
                .apiKey(key)
                .build();
    }

    private static String text(List<ChatChunk> chunks) {
        return chunks.stream()
                .flatMap(chunk -> chunk.choices().stream())
                .map(choice -> choice.message().content())
                .filter(content -> content != null)
                .collect(Collectors.joining());
    }
}
