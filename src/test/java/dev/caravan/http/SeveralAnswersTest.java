package dev.caravan.http;

import static dev.caravan.http.Errors.json;
import static dev.caravan.testing.Providers.chat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.Providers;
import dev.caravan.testing.RunningBroker;
import dev.caravan.testing.ScriptedUpstream;
import dev.caravan.testing.UsageTopic;
import java.net.http.HttpResponse;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** {@code n} for providers that give one answer at a time. */
class SeveralAnswersTest {

    private static final String PATH = "/v1/chat/completions";
    private static final int ALL = 3;

    private final RunningBroker broker = RunningBroker.shared();
    private final AtomicInteger count = new AtomicInteger();
    private final CyclicBarrier together = new CyclicBarrier(ALL);

    @Test
    @DisplayName(
            "B1 C2 n is asked for that often at once; choices are numbered, usage is added up, each call is accounted")
    void whole() throws Exception {
        try (var upstream = ScriptedUpstream.start(call -> {
            together.await(10, TimeUnit.SECONDS);
            call.json(200, line("answer " + count.incrementAndGet(), true));
        })) {
            var name = Providers.create("ollama", upstream.host(), "");

            var response = broker.post(PATH, chat(name + ":m", "\"n\":3,\"logit_bias\":{\"1\":1}"));

            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            assertThat(response.headers().firstValue("x-caravan-dropped")).contains("logit_bias");
            var answer = json(response.body());
            assertThat(answer.path("choices"))
                    .extracting(choice -> choice.path("index").asInt())
                    .containsExactly(0, 1, 2);
            assertThat(answer.path("choices"))
                    .extracting(choice -> choice.at("/message/content").asText())
                    .containsExactlyInAnyOrder("answer 1", "answer 2", "answer 3");
            assertThat(answer.at("/usage/prompt_tokens").asInt()).isEqualTo(21);
            assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(6);
            var event = UsageTopic.eventOf(id(response));
            assertThat(event.path("calls")).hasSize(ALL);
            assertThat(event.path("total_tokens").asInt()).isEqualTo(27);
        }
    }

    @Test
    @DisplayName("B2 C2 Streamed, the answers come as they are made, each piece with its index, and usage is told once")
    void streamed() throws Exception {
        try (var upstream = ScriptedUpstream.start(call -> {
            var own = count.incrementAndGet();
            call.stream();
            for (var piece = 0; piece < 3; piece++) {
                together.await(10, TimeUnit.SECONDS); // nobody is read to the end before another begins
                chunk(call, line(own + "-" + piece + " ", false));
            }
            chunk(call, line("", true));
            call.end();
        })) {
            var name = Providers.create("ollama", upstream.host(), "");
            try (var client = StreamClient.ask(
                    chat(name + ":m", "\"n\":3,\"stream\":true,\"stream_options\":{\"include_usage\":true}"))) {
                var events = client.events();

                assertThat(events).last().isEqualTo("[DONE]");
                var texts = new String[] {"", "", ""};
                var usages = 0;
                for (var event : events.subList(0, events.size() - 1)) {
                    var chunk = json(event);
                    for (var choice : chunk.path("choices")) {
                        texts[choice.path("index").asInt()] +=
                                choice.at("/delta/content").asText("");
                    }
                    usages += chunk.path("usage").isObject() ? 1 : 0;
                }
                assertThat(texts).containsExactlyInAnyOrder("1-0 1-1 1-2 ", "2-0 2-1 2-2 ", "3-0 3-1 3-2 ");
                assertThat(usages).isEqualTo(1);
                assertThat(json(events.get(events.size() - 2))
                                .at("/usage/total_tokens")
                                .asInt())
                        .isEqualTo(27);
                var event = UsageTopic.eventOf(client.requestId());
                assertThat(event.path("calls")).hasSize(ALL);
                assertThat(event.path("status_code").asInt()).isEqualTo(200);
            }
        }
    }

    @Test
    @DisplayName("B8 One of the answers that fails is a failure of the provider: the next one is asked for all")
    void oneFails() throws Exception {
        try (var upstream = ScriptedUpstream.start(call -> {
            together.await(10, TimeUnit.SECONDS);
            if (count.incrementAndGet() == 2) {
                call.json(500, "{}");
            } else {
                call.json(200, line("never seen", true));
            }
        })) {
            var name = Providers.create("ollama", upstream.host(), "\"retry\":{\"max_retries\":0}");
            var ask = "\"n\":3,\"retry_count\":0";

            var alone = broker.post(PATH, chat(name + ":m", ask));
            assertThat(alone.statusCode()).isEqualTo(502);

            count.set(0);
            var response = broker.post(PATH, chat(name + ":m", ask + ",\"fallback_providers\":[\"simulator\"]"));
            var answer = json(response.body());
            assertThat(answer.path("provider").asText()).as(response.body()).isEqualTo("simulator");
            assertThat(answer.path("choices")).hasSize(ALL);
            assertThat(UsageTopic.eventOf(id(response)).path("calls")).hasSize(ALL + 1);
        }
    }

    @Test
    @DisplayName(
            "B2 A stream of several answers of which one breaks off ends with an error; a client that leaves ends all")
    void breaksAndLeaves() throws Exception {
        try (var upstream = ScriptedUpstream.start(call -> {
            var own = count.incrementAndGet();
            call.stream();
            chunk(call, line("a", false));
            together.await(10, TimeUnit.SECONDS);
            if (own != 2) {
                call.awaitClosed();
            }
        })) {
            var name = Providers.create("ollama", upstream.host(), "");
            try (var client = StreamClient.ask(chat(name + ":m", "\"n\":3,\"stream\":true"))) {
                assertThat(json(client.events().getLast()).at("/error/code").asText())
                        .isEqualTo("inference_failed");
                assertThat(UsageTopic.eventOf(client.requestId()).path("calls")).hasSize(ALL);
            }
            count.set(10);
            try (var client = StreamClient.ask(chat(name + ":m", "\"n\":3,\"stream\":true"))) {
                client.event();
                client.close();
                var event = UsageTopic.eventOf(client.requestId());
                assertThat(event.path("calls"))
                        .hasSize(ALL)
                        .allMatch(call -> call.path("cancelled").asBoolean());
            }
        }
    }

    private static void chunk(ScriptedUpstream.Call call, String line) throws Exception {
        call.send(Integer.toHexString(line.length() + 1) + "\r\n" + line + "\n\r\n");
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
