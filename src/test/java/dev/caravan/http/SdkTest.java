package dev.caravan.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.models.Model;
import dev.caravan.testing.Providers;
import dev.caravan.testing.RunningBroker;
import dev.caravan.testing.ScriptedUpstream;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The official Java SDK with nothing but its base url changed. */
class SdkTest {

    private final RunningBroker broker = RunningBroker.shared();
    private final OpenAIClient client = client(RunningBroker.CLIENT_KEY);

    @Test
    @DisplayName("B1 B13 The SDK chats")
    void chats() {
        var completion = client.chat().completions().create(ask("sim-echo", "Hello!"));

        assertThat(completion.choices().getFirst().message().content()).contains("Hello!");
        assertThat(completion.model()).isEqualTo("sim-echo");
        assertThat(completion.usage())
                .hasValueSatisfying(usage -> assertThat(usage.totalTokens())
                        .isEqualTo(usage.promptTokens() + usage.completionTokens())
                        .isPositive());
    }

    @Test
    @DisplayName("B2 C3 The SDK streams, and gets the usage only when it asks for it")
    void streams() {
        var plain = ask("sim-echo", "one two three");
        var withUsage = plain.toBuilder()
                .streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build();

        try (var stream = client.chat().completions().createStreaming(plain)) {
            var chunks = stream.stream().toList();
            assertThat(text(chunks)).isEqualTo("one two three");
            assertThat(chunks)
                    .hasSizeGreaterThan(2)
                    .allMatch(chunk -> chunk.usage().isEmpty());
            assertThat(chunks)
                    .extracting(ChatCompletionChunk::id)
                    .containsOnly(chunks.getFirst().id());
        }
        try (var stream = client.chat().completions().createStreaming(withUsage)) {
            var last = stream.stream().toList().getLast();
            assertThat(last.choices()).isEmpty();
            assertThat(last.usage())
                    .hasValueSatisfying(
                            usage -> assertThat(usage.completionTokens()).isPositive());
        }
    }

    @Test
    @DisplayName("B4 B5 C4 The SDK lists and retrieves models, whose ids may hold ':' and '/'")
    void models() {
        var name = Providers.create("http://127.0.0.1:9/v1", "\"models\":[\"llama3.1:latest\",\"org/some-model\"]");

        assertThat(client.models().list().data())
                .extracting(Model::id)
                .contains("sim-echo", "llama3.1:latest", "org/some-model")
                .doesNotHaveDuplicates();
        for (var id : new String[] {"llama3.1:latest", "org/some-model", name + ":org/some-model"}) {
            assertThat(client.models().retrieve(id).id()).isEqualTo(id);
            assertThat(client.models().retrieve(id).ownedBy()).isEqualTo(name);
        }
        assertThat(catchThrowableOfType(
                        NotFoundException.class, () -> client.models().retrieve("nobody/knows:this")))
                .isNotNull();
        broker.admin("DELETE", "/admin/providers/" + name, null);
    }

    @Test
    @DisplayName("A10 B10 The SDK gets typed errors for what the caller did wrong")
    void typedErrors() {
        var unknown = catchThrowableOfType(NotFoundException.class, () -> chat(client, ask("no-such-model", "x")));
        assertThat(unknown.code()).contains("model_not_found");
        assertThat(unknown.param()).contains("model");

        var hot = ask("sim-echo", "x").toBuilder().temperature(7).build();
        var bad = catchThrowableOfType(BadRequestException.class, () -> chat(client, hot));
        assertThat(bad.code()).contains("invalid_request");
        assertThat(bad.param()).contains("temperature");
        assertThat(bad.type()).contains("invalid_request_error");

        assertThat(catchThrowableOfType(UnauthorizedException.class, () -> chat(client("wrong"), ask("sim-echo", "x")))
                        .code())
                .contains("unauthorized");
    }

    @Test
    @DisplayName("D6 The SDK does not repeat what the broker has repeated: x-should-retry is false")
    void noMultipliedRetries() throws Exception {
        try (var upstream = ScriptedUpstream.start(call -> call.json(500, "{\"error\":{\"message\":\"broken\"}}"))) {
            var name = Providers.create(upstream.url());

            var error = catchThrowableOfType(InternalServerException.class, () -> chat(client, ask(name + ":m", "x")));

            assertThat(error.statusCode()).isEqualTo(502);
            assertThat(error.code()).contains("inference_failed");
            assertThat(upstream.waiting()).as("one attempt and one repeat").isEqualTo(2);
        }
    }

    @Test
    @DisplayName(
            "C11 D6 A rate limit reaches the SDK with the time to wait, which it does, until its own retries are used up")
    void rateLimit() throws Exception {
        try (var upstream = ScriptedUpstream.start(call -> call.send("HTTP/1.1 429 x\r\nRetry-After: 1\r\n"
                + "Content-Length: 34\r\nConnection: close\r\n\r\n{\"error\":{\"message\":\"slow down..\"}}"))) {
            var name = Providers.create(upstream.url(), "\"retry\":{\"max_retries\":0}");
            var began = System.nanoTime();

            var error = catchThrowableOfType(RateLimitException.class, () -> chat(client, ask(name + ":m", "x")));

            assertThat(error.code()).contains("rate_limit_exceeded");
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(1900));
        }
    }

    private static void chat(OpenAIClient client, ChatCompletionCreateParams params) {
        client.chat().completions().create(params);
    }

    private static ChatCompletionCreateParams ask(String model, String text) {
        return ChatCompletionCreateParams.builder()
                .model(model)
                .addUserMessage(text)
                .build();
    }

    private static String text(Iterable<ChatCompletionChunk> chunks) {
        var text = new StringBuilder();
        for (var chunk : chunks) {
            chunk.choices()
                    .forEach(choice -> text.append(choice.delta().content().orElse("")));
        }
        return text.toString();
    }

    private OpenAIClient client(String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(broker.url() + "/v1")
                .apiKey(key)
                .build();
    }
}
