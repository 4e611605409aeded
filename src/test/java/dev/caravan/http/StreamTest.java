package dev.caravan.http;

import static dev.caravan.http.Errors.error;
import static dev.caravan.http.Errors.json;
import static dev.caravan.testing.Providers.chat;
import static dev.caravan.testing.Providers.chunk;
import static dev.caravan.testing.Providers.lastChunk;
import static dev.caravan.testing.Providers.usageChunk;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.Providers;
import dev.caravan.testing.RunningBroker;
import dev.caravan.testing.ScriptedUpstream;
import dev.caravan.testing.UsageTopic;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Answers that arrive in pieces. */
class StreamTest {

    private static final String STREAM = "\"stream\":true";

    private final RunningBroker broker = RunningBroker.shared();

    @Test
    @DisplayName(
            "B2 C3 Each token is sent on as it arrives: before the provider says the next, the client has the last")
    void tokenByToken() throws Exception {
        var turn = new Semaphore(0);
        try (var upstream = ScriptedUpstream.start(call -> {
            call.stream();
            for (var i = 0; i < 5; i++) {
                call.event(chunk("t" + i));
                turn.acquire();
            }
            call.event(lastChunk()).event("[DONE]").end();
        })) {
            var name = Providers.create(upstream.url());
            try (var client = StreamClient.ask(chat(name + ":m", STREAM))) {
                for (var i = 0; i < 5; i++) {
                    assertThat(text(client.event())).isEqualTo("t" + i);
                    turn.release();
                }
                assertThat(client.events()).hasSize(2).last().isEqualTo("[DONE]");
            }
        }
    }

    @Test
    @DisplayName("B1 B2 Chunks keep their fields, their order and their numbers; the provider is named beside")
    void untouched() throws Exception {
        try (var upstream = ScriptedUpstream.start(call -> call.stream()
                .event(
                        "{\"id\":\"c-1\",\"zeta\":1.10,\"created\":1700000000,\"choices\":[{\"delta\":{\"content\":\"é\","
                                + "\"reasoning\":\"…\"},\"index\":0}],\"object\":\"chat.completion.chunk\",\"model\":\"m\"}")
                .event(lastChunk())
                .event("[DONE]")
                .end())) {
            var name = Providers.create(upstream.url());
            try (var client = StreamClient.ask(chat(name + ":m", STREAM))) {
                assertThat(client.event())
                        .isEqualTo("{\"id\":\"c-1\",\"zeta\":1.10,\"created\":1700000000,\"choices\":[{\"delta\":"
                                + "{\"content\":\"é\",\"reasoning\":\"…\"},\"index\":0}],\"object\":"
                                + "\"chat.completion.chunk\",\"model\":\"" + name + ":m\",\"provider\":\"" + name
                                + "\"}");
            }
        }
    }

    @Test
    @DisplayName("B2 Usage is always asked of the provider, shown only to those who ask, and counted for both")
    void usage() throws Exception {
        try (var upstream = ScriptedUpstream.start(call -> call.stream()
                .event(chunk("a"))
                .event(lastChunk())
                .event(usageChunk())
                .event("[DONE]")
                .end())) {
            var name = Providers.create(upstream.url());
            try (var client = StreamClient.ask(chat(name + ":m", STREAM))) {
                assertThat(client.events()).hasSize(3).noneMatch(event -> event.contains("usage"));
                assertThat(json(upstream.next().body())
                                .at("/stream_options/include_usage")
                                .asBoolean())
                        .isTrue();
                assertThat(UsageTopic.eventOf(client.requestId())
                                .path("total_tokens")
                                .asInt())
                        .isEqualTo(5);
            }
            try (var client = StreamClient.ask(
                    chat(name + ":m", STREAM + ",\"stream_options\":{\"x\":1.0,\"include_usage\":true}"))) {
                var events = client.events();
                assertThat(events).hasSize(4);
                assertThat(json(events.get(2)).at("/usage/total_tokens").asInt())
                        .isEqualTo(5);
                assertThat(json(events.get(2)).path("choices")).isEmpty();
                assertThat(upstream.next().body()).contains("\"stream_options\":{\"x\":1.0,\"include_usage\":true}");
            }
        }
    }

    @Test
    @DisplayName("B8 C2 A stream that fails before its first chunk is repeated, and then falls back")
    void failsBeforeTheFirstChunk() throws Exception {
        try (var upstream = ScriptedUpstream.start(ScriptedUpstream.Call::stream)) {
            var name = Providers.create(upstream.url());
            try (var client = StreamClient.ask(chat(
                    "sim-echo", STREAM + ",\"provider\":\"" + name + "\",\"fallback_providers\":[\"simulator\"]"))) {
                assertThat(client.status()).isEqualTo(200);
                var events = client.events();
                assertThat(json(events.getFirst()).path("provider").asText()).isEqualTo("simulator");
                assertThat(events).last().isEqualTo("[DONE]");
                assertThat(upstream.waiting()).isEqualTo(2);
                assertThat(UsageTopic.eventOf(client.requestId())
                                .path("provider")
                                .asText())
                        .isEqualTo("simulator");
            }
        }
    }

    @Test
    @DisplayName("C10 A stream that nobody can begin is a plain error with its status, not a stream")
    void nobodyBegins() throws Exception {
        try (var upstream = ScriptedUpstream.start(call -> call.stream()
                .event("{\"error\":{\"message\":\"out of memory\"}}")
                .end())) {
            var name = Providers.create(upstream.url());

            var response = broker.post("/v1/chat/completions", chat(name + ":m", STREAM));

            assertThat(error(response, 502, "inference_failed").path("message").asText())
                    .contains("out of memory");
            assertThat(response.headers().firstValue("content-type")).contains("application/json");
        }
    }

    @Test
    @DisplayName(
            "B2 C10 A stream that breaks later ends with an error event and without [DONE]; the usage event says so")
    void breaksLater() throws Exception {
        var turn = new Semaphore(0);
        try (var upstream = ScriptedUpstream.start(call -> {
            call.stream().event(chunk("a"));
            turn.acquire();
        })) {
            var name = Providers.create(upstream.url());
            try (var client = StreamClient.ask(chat(name + ":m", STREAM))) {
                assertThat(text(client.event())).isEqualTo("a");
                turn.release();

                var rest = client.events();

                assertThat(rest).hasSize(1);
                assertThat(json(rest.getFirst()).at("/error/code").asText()).isEqualTo("inference_failed");
                assertThat(json(rest.getFirst()).path("request_id").asText()).isEqualTo(client.requestId());
                var event = UsageTopic.eventOf(client.requestId());
                assertThat(event.path("status_code").asInt()).isEqualTo(502);
                assertThat(event.path("error_code").asText()).isEqualTo("inference_failed");
                assertThat(event.at("/calls/0/estimated").asBoolean()).isTrue();
                assertThat(event.at("/calls/0/completion_tokens").asInt()).isPositive();
            }
        }
    }

    @Test
    @DisplayName(
            "B2 An error in the middle of a stream reaches the client in the provider's words; deadlines count there too")
    void errorAndDeadlineMidStream() throws Exception {
        try (var upstream = ScriptedUpstream.start(call -> call.stream()
                .event(chunk("a"))
                .event("{\"error\":{\"message\":\"out of memory\"}}")
                .end())) {
            var name = Providers.create(upstream.url());
            try (var client = StreamClient.ask(chat(name + ":m", STREAM))) {
                assertThat(client.events()).hasSize(2).last().asString().contains("out of memory");
            }
        }
        try (var upstream = ScriptedUpstream.start(call -> {
            call.stream().event(chunk("a"));
            call.awaitClosed();
        })) {
            var name = Providers.create(upstream.url());
            try (var client = StreamClient.ask(chat(name + ":m", STREAM + ",\"timeout\":0.4"))) {
                assertThat(json(client.events().getLast()).at("/error/code").asText())
                        .isEqualTo("timeout");
                assertThat(upstream.next().closedNanos()).isPositive();
                assertThat(UsageTopic.eventOf(client.requestId())
                                .path("status_code")
                                .asInt())
                        .isEqualTo(504);
            }
        }
    }

    private static String text(String event) {
        return json(event).at("/choices/0/delta/content").asText();
    }
}
