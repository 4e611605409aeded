package dev.caravan.http;

import static dev.caravan.http.Errors.error;
import static dev.caravan.http.Errors.json;
import static dev.caravan.testing.Providers.chat;
import static dev.caravan.testing.Providers.chunk;
import static dev.caravan.testing.Providers.completion;
import static dev.caravan.testing.Providers.lastChunk;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.caravan.testing.Providers;
import dev.caravan.testing.RunningBroker;
import dev.caravan.testing.ScriptedUpstream;
import dev.caravan.testing.UsageTopic;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a caller hears who waits long for the first token of a stream. */
class KeepAliveTest {

    private static final String PATH = "/v1/chat/completions";
    private static final String STREAM = "\"stream\":true";
    private static final int INTERVAL_MILLIS = 200;

    private static RunningBroker broker;

    @BeforeAll
    static void start() {
        broker = RunningBroker.another(Map.of(
                "caravan.stream-keep-alive",
                INTERVAL_MILLIS + "ms",
                "DEFAULT_EMBEDDING_MODEL",
                "sim-embed",
                "CARAVAN_API_KEYS",
                RunningBroker.CLIENT_KEY,
                "CARAVAN_ADMIN_KEY",
                RunningBroker.ADMIN_KEY));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    @DisplayName("B2 While the first token is waited for there is a comment in each interval, and none from then on")
    void comments() throws Exception {
        var turn = new Semaphore(0);
        try (var upstream = ScriptedUpstream.start(call -> {
            call.stream();
            silence(4);
            call.event(chunk("late"));
            turn.acquire();
            silence(3);
            call.event(lastChunk()).event("[DONE]").end();
        })) {
            var name = provider(upstream);
            var asked = System.nanoTime();
            try (var client = StreamClient.ask(broker, chat(name + ":m", STREAM))) {
                assertThat(client.status()).isEqualTo(200);
                assertThat(upstream.next().body()).contains("stream");
                assertThat(json(client.event()).at("/choices/0/delta/content").asText())
                        .isEqualTo("late");
                assertThat(client.comments()).isBetween(2, intervalsSince(asked));
                var before = client.comments();
                turn.release();
                assertThat(client.events()).last().isEqualTo("[DONE]");
                assertThat(client.comments()).isEqualTo(before);
            }
        }
    }

    @Test
    @DisplayName(
            "A5 B2 While a council decides there is a comment in each interval; likeness by DEFAULT_EMBEDDING_MODEL's vectors")
    void council() throws Exception {
        try (var upstream = ScriptedUpstream.start(call -> {
            silence(4);
            var sky = "The sky is blue because the air scatters blue light";
            call.json(
                    200,
                    completion(
                            call.body().contains(":1") ? "Bananas" : call.body().contains(":2") ? sky : sky + " most"));
        })) {
            var name = provider(upstream);
            try (var client = StreamClient.ask(
                    broker,
                    chat(
                            "some-name",
                            STREAM
                                    + ",\"cooperation\":{\"models\":[\"%s:m:1\",\"%s:m:2\",\"%s:m:3\"]}"
                                            .formatted(name, name, name)))) {
                assertThat(client.status()).isEqualTo(200);
                var events = client.events();
                assertThat(json(events.getFirst())
                                .at("/choices/0/delta/content")
                                .asText())
                        .startsWith("The sky is blue");
                assertThat(client.comments()).isGreaterThanOrEqualTo(2);
                assertThat(json(events.get(1))
                                .at("/caravan/verdict/similarity/model")
                                .asText())
                        .isEqualTo("sim-embed");
                assertThat(events.getLast()).isEqualTo("[DONE]");
                assertThat(UsageTopic.eventOf(client.requestId()).path("calls")).hasSize(4);
            }
        }
    }

    @Test
    @DisplayName("B2 B13 The official SDK reads a stream with comments as if they were not there")
    void sdk() {
        try (var upstream = ScriptedUpstream.start(call -> {
            call.stream();
            silence(3);
            call.event(chunk("la"))
                    .event(chunk("te"))
                    .event(lastChunk())
                    .event("[DONE]")
                    .end();
        })) {
            var name = provider(upstream);
            var client = OpenAIOkHttpClient.builder()
                    .baseUrl(broker.url() + "/v1")
                    .apiKey(RunningBroker.CLIENT_KEY)
                    .build();
            try (var stream = client.chat()
                    .completions()
                    .createStreaming(ChatCompletionCreateParams.builder()
                            .model(name + ":m")
                            .addUserMessage("Hi")
                            .build())) {
                assertThat(stream.stream()
                                .flatMap(chunk -> chunk.choices().stream())
                                .flatMap(choice -> choice.delta().content().stream())
                                .collect(Collectors.joining()))
                        .isEqualTo("late");
            }
        }
    }

    @Test
    @DisplayName(
            "C10 A failure within the first interval has its own status; a later one comes as an event, without [DONE]")
    void failures() throws Exception {
        try (var upstream = ScriptedUpstream.start(call -> {
            if (call.body().contains("slow")) {
                silence(3);
            }
            call.json(500, "{}");
        })) {
            var name = provider(upstream);
            await().until(() -> {
                var asked = System.nanoTime();
                var answer = broker.post(PATH, chat(name + ":m", STREAM));
                var inTime = intervalsSince(asked) < 1;
                if (inTime) {
                    error(answer, 502, "inference_failed");
                }
                return inTime;
            });

            try (var client = StreamClient.ask(broker, chat(name + ":m", STREAM + ",\"user\":\"slow\""))) {
                assertThat(client.status()).isEqualTo(200);
                var events = client.events();
                assertThat(events).hasSize(1);
                assertThat(json(events.getFirst()).at("/error/code").asText()).isEqualTo("inference_failed");
                assertThat(json(events.getFirst()).path("request_id").asText()).isEqualTo(client.requestId());
                assertThat(client.comments()).isPositive();
                assertThat(UsageTopic.eventOf(client.requestId())
                                .path("status_code")
                                .asInt())
                        .isEqualTo(502);
            }
        }
    }

    @Test
    @DisplayName(
            "B8 A provider that fails after the head was sent still falls back: the caller gets the other one's stream")
    void fallsBack() throws Exception {
        try (var upstream = ScriptedUpstream.start(call -> {
            silence(3);
            call.json(500, "{}");
        })) {
            var name = provider(upstream);
            try (var client = StreamClient.ask(
                    broker,
                    chat(
                            "sim-echo",
                            STREAM + ",\"provider\":\"" + name + "\",\"fallback_providers\":[\"simulator\"]"))) {
                var events = client.events();
                assertThat(json(events.getFirst()).path("provider").asText()).isEqualTo("simulator");
                assertThat(events).last().isEqualTo("[DONE]");
                assertThat(client.comments()).isPositive();
            }
        }
    }

    @Test
    @DisplayName("B2 A stream whose first token comes in time has no comment, and a whole answer is never begun early")
    void inTime() throws Exception {
        await().until(() -> {
            var asked = System.nanoTime();
            try (var client = StreamClient.ask(broker, chat("sim-echo", STREAM))) {
                assertThat(client.event()).isNotEmpty();
                var inTime = intervalsSince(asked) < 1;
                assertThat(client.events()).last().isEqualTo("[DONE]");
                assertThat(client.comments()).isLessThan(inTime ? 1 : Integer.MAX_VALUE);
                return inTime;
            }
        });
        try (var upstream = ScriptedUpstream.start(call -> {
            silence(3);
            call.json(500, "{}");
        })) {
            error(broker.post(PATH, chat(provider(upstream) + ":m")), 502, "inference_failed");
        }
    }

    /** Whole ones. On a machine with other work an answer that would come in time may come after one. */
    private static int intervalsSince(long nanos) {
        return (int) (TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos) / INTERVAL_MILLIS);
    }

    /** Says nothing for so many intervals. */
    private static void silence(int intervals) throws InterruptedException {
        new Semaphore(0).tryAcquire(intervals * INTERVAL_MILLIS + INTERVAL_MILLIS / 4, TimeUnit.MILLISECONDS);
    }

    private static String provider(ScriptedUpstream upstream) {
        return Providers.create(broker, "openai-compatible", upstream.url(), "\"retry\":{\"max_retries\":0}");
    }
}
