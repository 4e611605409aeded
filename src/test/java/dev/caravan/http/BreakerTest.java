package dev.caravan.http;

import static dev.caravan.http.Errors.json;
import static dev.caravan.testing.Providers.chat;
import static dev.caravan.testing.Providers.chunk;
import static dev.caravan.testing.Providers.completion;
import static dev.caravan.testing.Providers.lastChunk;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.testing.Providers;
import dev.caravan.testing.RunningBroker;
import dev.caravan.testing.ScriptedUpstream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a circuit breaker makes of streams, seen by {@code /health} and {@code /metrics}. */
class BreakerTest {

    private static final String PATH = "/v1/chat/completions";
    private static final String STREAM = "\"stream\":true";
    private static final int TRIALS = 2;

    private static RunningBroker broker;

    @BeforeAll
    static void start() {
        broker = RunningBroker.another(Map.of(
                "caravan.breaker.window",
                "20",
                "caravan.breaker.minimum-calls",
                "6",
                "caravan.breaker.open-for",
                "700ms",
                "caravan.breaker.trials",
                String.valueOf(TRIALS),
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
    @DisplayName("F2 A stream that breaks after its first token is one failure, and no success beside it")
    void brokenStream() throws Exception {
        try (var upstream = ScriptedUpstream.start(call -> {
            if (call.body().contains("\"stream\"")) {
                call.stream().event(chunk("a"));
            } else {
                call.json(200, completion("ok"));
            }
        })) {
            var name = provider(upstream);
            for (var i = 1; i <= 3; i++) {
                assertThat(ask(name, "").statusCode()).isEqualTo(200);
                assertThat(ask(name, STREAM).body()).contains("\"error\"");
                assertCalls(name, i, i);
            }
            assertThat(breaker(name)).as("three of six").isEqualTo("open");
            assertThat(metrics())
                    .contains("caravan_provider_breaker{gen_ai_provider_name=\"" + name + "\",state=\"open\"} 1.0");
        }
    }

    @Test
    @DisplayName("F2 A stream speaks for its provider when it has ended, not when it has begun")
    void goodStream() throws Exception {
        var turn = new Semaphore(0);
        try (var upstream = ScriptedUpstream.start(call -> {
            call.stream().event(chunk("a"));
            turn.acquire();
            call.event(lastChunk()).event("[DONE]").end();
        })) {
            var name = provider(upstream);
            try (var client = StreamClient.ask(broker, chat(name + ":m", STREAM))) {
                assertThat(client.event()).contains("\"a\"");
                assertCalls(name, 0, 0);
                turn.release();
                assertThat(client.events()).last().isEqualTo("[DONE]");
                await().untilAsserted(() -> assertCalls(name, 1, 0));
            }
        }
    }

    @Test
    @DisplayName("F2 A caller who goes away in the middle of a stream speaks neither for its provider nor against it")
    void leftStream() throws Exception {
        try (var upstream = ScriptedUpstream.start(call -> {
            call.stream().event(chunk("a"));
            call.awaitClosed();
        })) {
            var name = provider(upstream);
            for (var i = 0; i < 8; i++) {
                var client = StreamClient.ask(broker, chat(name + ":m", STREAM));
                assertThat(client.event()).contains("\"a\"");
                client.close();
                upstream.next().closedNanos();
            }
            assertCalls(name, 0, 0);
            assertThat(breaker(name)).isEqualTo("closed");
        }
    }

    @Test
    @DisplayName(
            "F2 An opened breaker tries the provider out with so many calls at once: streams hold theirs to the end, and"
                    + " give it back when their caller goes")
    void trials() throws Exception {
        var turn = new Semaphore(0);
        var well = new boolean[1];
        try (var upstream = ScriptedUpstream.start(call -> {
            if (!well[0]) {
                call.json(500, "{}");
                return;
            }
            call.stream().event(chunk("a"));
            if (call.body().contains("to-leave")) {
                call.awaitClosed();
                return;
            }
            turn.acquire();
            call.event(lastChunk()).event("[DONE]").end();
        })) {
            var name = provider(upstream);
            open(name);
            well[0] = true;
            for (var i = 0; i < TRIALS + 1; i++) { // would be one too many if one were kept
                awaitHalfOpen(name);
                var client = await().until(() -> begun(name, ",\"user\":\"to-leave\""), each -> each != null);
                assertThat(client.event()).contains("\"a\"");
                client.close();
                assertThat(breaker(name)).isEqualTo("half_open");
            }

            var clients = new ArrayList<StreamClient>();
            for (var i = 0; i < TRIALS; i++) {
                var client = await().until(() -> begun(name, ""), each -> each != null);
                clients.add(client);
            }
            assertThat(ask(name, STREAM).body()).contains("breaker_open");
            turn.release(TRIALS);
            for (var client : clients) {
                assertThat(client.events()).last().isEqualTo("[DONE]");
                client.close();
            }
            await().until(() -> breaker(name).equals("closed"));
        }
    }

    @Test
    @DisplayName("F2 Tried out with streams that break, the breaker opens again")
    void brokenTrials() throws Exception {
        var well = new boolean[1];
        try (var upstream = ScriptedUpstream.start(call -> {
            if (well[0]) {
                call.stream().event(chunk("a"));
            } else {
                call.json(500, "{}");
            }
        })) {
            var name = provider(upstream);
            open(name);
            well[0] = true;
            awaitHalfOpen(name);
            for (var i = 0; i < TRIALS; i++) {
                assertThat(ask(name, STREAM).body()).contains("\"error\"");
            }
            assertThat(breaker(name)).isEqualTo("open");
        }
    }

    @Test
    @DisplayName(
            "F2 A long stream does not keep others waiting for the end of the trial: that it goes on is good enough")
    void longTrial() throws Exception {
        var well = new boolean[1];
        var over = new boolean[1];
        try (var upstream = ScriptedUpstream.start(call -> {
            if (!well[0]) {
                call.json(500, "{}");
                return;
            }
            call.stream();
            while (!over[0]) {
                call.event(chunk("a"));
                new Semaphore(0).tryAcquire(50, TimeUnit.MILLISECONDS);
            }
        })) {
            var name = provider(upstream);
            open(name);
            well[0] = true;
            awaitHalfOpen(name);
            var clients = new ArrayList<StreamClient>();
            for (var i = 0; i < TRIALS; i++) {
                clients.add(StreamClient.ask(broker, chat(name + ":m", STREAM)));
            }
            for (var client : clients) {
                Thread.ofVirtual().start(() -> {
                    try {
                        client.events();
                    } catch (IOException e) {
                        // it was closed
                    }
                });
            }
            await().until(() -> breaker(name).equals("closed"));
            over[0] = true;
            for (var client : clients) {
                client.close();
            }
        }
    }

    @Test
    @DisplayName("F2 What comes of a stream that began before the breaker opened says nothing about the provider now")
    void oldStream() throws Exception {
        var turn = new Semaphore(0);
        try (var upstream = ScriptedUpstream.start(call -> {
            if (call.body().contains("\"stream\"")) {
                call.stream().event(chunk("a"));
                turn.acquire();
            } else {
                call.json(500, "{}");
            }
        })) {
            var name = provider(upstream);
            var clients = new ArrayList<StreamClient>();
            for (var i = 0; i < TRIALS; i++) {
                var client = StreamClient.ask(broker, chat(name + ":m", STREAM));
                assertThat(client.event()).contains("\"a\"");
                clients.add(client);
            }
            open(name);
            awaitHalfOpen(name);
            turn.release(TRIALS);
            for (var client : clients) {
                assertThat(client.events()).hasSize(1);
                client.close();
            }
            assertThat(breaker(name)).isEqualTo("half_open");
        }
    }

    /** A stream that was let through; null for one that was not, since a trial may be given back a moment later. */
    private static @Nullable StreamClient begun(String name, String more) throws Exception {
        var client = StreamClient.ask(broker, chat(name + ":m", STREAM + more));
        if (client.status() == 200) {
            return client;
        }
        client.close();
        return null;
    }

    private static void open(String name) {
        for (var i = 0; i < 6; i++) {
            ask(name, "");
        }
        assertThat(breaker(name)).isEqualTo("open");
    }

    private static void awaitHalfOpen(String name) {
        await().until(() -> breaker(name).equals("half_open"));
    }

    private static String provider(ScriptedUpstream upstream) {
        return Providers.create(broker, "openai-compatible", upstream.url(), "\"retry\":{\"max_retries\":0}");
    }

    private static HttpResponse<String> ask(String name, String more) {
        return broker.post(PATH, chat(name + ":m", more));
    }

    private static String breaker(String name) {
        return shown(name).path("breaker").asText();
    }

    private static JsonNode shown(String name) {
        return json(broker.get("/health").body())
                .path("providers")
                .valueStream()
                .filter(each -> each.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static void assertCalls(String name, int succeeded, int failed) {
        var calls = "caravan_provider_breaker_calls{gen_ai_provider_name=\"" + name + "\",outcome=\"";
        assertThat(metrics())
                .contains(calls + "success\"} " + succeeded + ".0")
                .contains(calls + "failure\"} " + failed + ".0");
    }

    private static String metrics() {
        return broker.get("/metrics").body();
    }
}
