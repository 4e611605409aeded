package dev.caravan.http;

import static dev.caravan.testing.Providers.chat;
import static dev.caravan.testing.Providers.chunk;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.testing.Providers;
import dev.caravan.testing.RunningBroker;
import dev.caravan.testing.ScriptedUpstream;
import dev.caravan.testing.UsageTopic;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that goes away stops what is being paid for. */
class CancellationTest {

    private static final Duration AT_ONCE = Duration.ofMillis(100);

    private final RunningBroker broker = RunningBroker.shared();

    @Test
    @DisplayName(
            "B2 A client that leaves mid-stream has the provider let go within 100 ms; what it got is accounted for")
    void midStream() throws Exception {
        try (var upstream = ScriptedUpstream.start(call -> {
            call.stream().event(chunk("some text that was paid for"));
            call.awaitClosed();
        })) {
            var name = Providers.create(upstream.url());
            var client = StreamClient.ask(chat(name + ":m", "\"stream\":true"));
            assertThat(client.event()).contains("paid for");

            assertLetGo(upstream, client);

            var call = cancelledCall(client, name);
            assertThat(call.path("completion_tokens").asInt()).isBetween(5, 10);
        }
    }

    @ParameterizedTest
    @DisplayName("B2 So does one that leaves while the provider is silent, whether it asked for a stream or not")
    @ValueSource(booleans = {true, false})
    void whileSilent(boolean stream) throws Exception {
        try (var upstream = ScriptedUpstream.start(ScriptedUpstream.Call::awaitClosed)) {
            var name = Providers.create(upstream.url());

            assertLetGo(upstream, StreamClient.ask(chat(name + ":m", "\"stream\":" + stream)));
        }
    }

    @Test
    @DisplayName("B2 And one that leaves while the broker waits before a repeat is not asked for again")
    void whilePausing() throws Exception {
        try (var upstream = ScriptedUpstream.start(call -> call.json(500, "{}"))) {
            var name = Providers.create(upstream.url(), "\"retry\":{\"max_retries\":2,\"initial_delay\":60}");
            var client = StreamClient.ask(chat(name + ":m"));
            upstream.next();

            client.close();

            var event = UsageTopic.eventOf(client.requestId());
            assertThat(event.path("status_code").asInt()).isEqualTo(499);
            assertThat(upstream.waiting()).isZero();
        }
    }

    @Test
    @DisplayName("F2 The breaker does not count the calls that were let go, and the provider's health does not suffer")
    void breakerDoesNotCount() throws Exception {
        try (var upstream = ScriptedUpstream.start(ScriptedUpstream.Call::awaitClosed)) {
            var name = Providers.create(upstream.url());
            for (var i = 0; i < 12; i++) {
                var client = StreamClient.ask(chat(name + ":m"));
                var call = upstream.next();
                client.close();
                call.closedNanos();
            }

            assertThat(broker.get("/health").body())
                    .contains("{\"name\":\"" + name + "\",\"status\":\"unknown\",\"breaker\":\"closed\"}");
        }
    }

    private void assertLetGo(ScriptedUpstream upstream, StreamClient client) throws Exception {
        var call = upstream.next();

        var left = System.nanoTime();
        client.close();

        assertThat(Duration.ofNanos(call.closedNanos() - left)).isLessThan(AT_ONCE);
        var event = UsageTopic.eventOf(client.requestId());
        assertThat(event.path("status_code").asInt()).isEqualTo(499);
        assertThat(event.path("error_code").asText()).isEqualTo("client_closed");
        assertThat(event.path("calls")).hasSize(1);
        assertThat(event.at("/calls/0/cancelled").asBoolean()).isTrue();
        assertThat(event.at("/calls/0/estimated").asBoolean()).isTrue();
        assertThat(event.at("/calls/0/prompt_tokens").asInt()).isPositive();
    }

    private static JsonNode cancelledCall(StreamClient client, String provider) {
        var call = UsageTopic.eventOf(client.requestId()).at("/calls/0");
        assertThat(call.path("provider").asText()).isEqualTo(provider);
        return call;
    }
}
