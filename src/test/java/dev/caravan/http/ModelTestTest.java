package dev.caravan.http;

import static dev.caravan.http.Errors.error;
import static dev.caravan.http.Errors.json;
import static dev.caravan.testing.Providers.completion;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.testing.Providers;
import dev.caravan.testing.RunningBroker;
import dev.caravan.testing.ScriptedUpstream;
import dev.caravan.testing.UsageTopic;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The test whether models can be reached. */
class ModelTestTest {

    private static final String PATH = "/admin/models/test";
    private static final int AT_ONCE = 16;

    private static RunningBroker broker;

    @BeforeAll
    static void start() {
        broker = RunningBroker.another(
                Map.of("CARAVAN_API_KEYS", RunningBroker.CLIENT_KEY, "CARAVAN_ADMIN_KEY", RunningBroker.ADMIN_KEY));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    @DisplayName("A7 Each model has its latency, or the reason why it cannot be reached; the question costs one token")
    void results() throws Exception {
        try (var good = ScriptedUpstream.start(call -> call.json(200, completion("ok")));
                var locked = ScriptedUpstream.start(
                        call -> call.json(401, "{\"error\":{\"message\":\"bad key " + Providers.KEY + "\"}}"))) {
            var well = Providers.create(broker, "openai-compatible", good.url(), "\"models\":[\"well-known\"]");
            var barred = Providers.create(broker, "openai-compatible", locked.url(), "");
            var nobody = Providers.create(broker, "openai-compatible", "http://127.0.0.1:1/v1", "");

            var response = test("""
                    {"models":["well-known","%s:any","%s:any","no-such-model","sim-echo"]}""".formatted(barred, nobody));

            var report = json(response.body());
            assertThat(report.path("ok").asBoolean()).isFalse();
            var results = report.path("data");
            assertThat(results).hasSize(5);
            assertResult(results.path(0), "well-known", well, null);
            assertResult(results.path(1), barred + ":any", barred, "inference_failed");
            assertResult(results.path(2), nobody + ":any", nobody, "service_unavailable");
            assertResult(results.path(3), "no-such-model", null, "model_not_found");
            assertResult(results.path(4), "sim-echo", "simulator", null);
            assertThat(response.body()).doesNotContain(Providers.KEY);
            assertThat(results.path(0).path("latency_ms").asDouble()).isPositive();
            assertThat(results.path(3).path("latency_ms").isNull()).isTrue();
            var call = json(good.next().body());
            assertThat(call.path("max_tokens").asInt()).isEqualTo(1);
            assertThat(call.path("model").asText()).isEqualTo("well-known");
            assertThat(call.has("retry_count")).isFalse();
            assertThat(locked.waiting()).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("A7 C9 Each question has a usage event of its own, which its endpoint and key tell from others")
    void usage() {
        var id = "model-test-" + System.nanoTime();
        broker.send(broker.request(PATH, RunningBroker.ADMIN_KEY)
                .header("x-request-id", id)
                .POST(BodyPublishers.ofString("{\"models\":[\"sim-echo\",\"sim-small\"]}")));

        for (var i = 0; i < 2; i++) {
            var event = UsageTopic.eventOf(id + "-" + i);
            assertThat(event.path("endpoint").asText()).isEqualTo(PATH);
            assertThat(event.path("key").asText()).isEqualTo("admin");
            assertThat(event.path("calls")).hasSize(1);
        }
    }

    @Test
    @DisplayName("A7 A model that several providers serve is tested at each, and none answers for another")
    void everyProvider() {
        try (var good = ScriptedUpstream.start(call -> call.json(200, completion("ok")))) {
            var broken = Providers.create(
                    broker, "openai-compatible", "http://127.0.0.1:1/v1", "\"priority\":900,\"models\":[\"of-two\"]");
            var well = Providers.create(broker, "openai-compatible", good.url(), "\"models\":[\"of-two\"]");

            var results = json(test("{\"model\":\"of-two\"}").body()).path("data");

            assertThat(results).hasSize(2);
            assertResult(results.path(0), "of-two", broken, "service_unavailable");
            assertResult(results.path(1), "of-two", well, null);
            broker.admin("DELETE", "/admin/providers/" + broken, null);
            broker.admin("DELETE", "/admin/providers/" + well, null);
        }
    }

    @Test
    @DisplayName("A7 Without a name all models are tested, some at a time and not all at once")
    void all() throws Exception {
        var now = new AtomicInteger();
        var turn = new CountDownLatch(1);
        try (var upstream = ScriptedUpstream.start(call -> {
            now.incrementAndGet();
            turn.await();
            call.json(200, completion("ok"));
        })) {
            var models =
                    IntStream.range(0, 40).mapToObj(i -> "\"many-" + i + "\"").collect(Collectors.joining(","));
            var name = Providers.create(broker, "openai-compatible", upstream.url(), "\"models\":[" + models + "]");
            var tested = CompletableFuture.supplyAsync(() -> test("{}").body());

            await().during(Duration.ofMillis(500)).until(() -> now.get() == AT_ONCE);
            turn.countDown();

            var results = json(tested.get(20, TimeUnit.SECONDS)).path("data");
            assertThat(results)
                    .filteredOn(result -> result.path("provider").asText().equals(name))
                    .hasSize(40)
                    .allMatch(result -> result.path("ok").asBoolean());
            assertThat(results)
                    .extracting(result -> result.path("model").asText())
                    .contains("sim-echo", "sim-large");
            broker.admin("DELETE", "/admin/providers/" + name, null);
        }
    }

    @Test
    @DisplayName("A7 The whole test ends with its time, whoever is silent")
    void deadline() throws Exception {
        try (var silent = ScriptedUpstream.start(ScriptedUpstream.Call::awaitClosed)) {
            var name = Providers.create(broker, "openai-compatible", silent.url(), "");
            var began = System.nanoTime();

            var results = json(test("{\"models\":[\"" + name + ":a\",\"sim-echo\"],\"timeout\":0.5}")
                            .body())
                    .path("data");

            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isBetween(Duration.ofMillis(450), Duration.ofSeconds(4));
            assertResult(results.path(0), name + ":a", name, "timeout");
            assertResult(results.path(1), "sim-echo", "simulator", null);
            assertThat(silent.next().closedNanos()).isPositive();
        }
    }

    @ParameterizedTest
    @DisplayName("A7 Bad input is 400 and named")
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"model\":7}                        | model",
                "{\"model\":\" \"}                    | model",
                "{\"models\":[]}                      | models",
                "{\"models\":\"m\"}                   | models",
                "{\"models\":[\"m\",7]}               | models[1]",
                "{\"model\":\"m\",\"models\":[\"m\"]} | models",
                "{\"timeout\":0}                      | timeout",
                "{\"timeout\":\"1\"}                  | timeout",
                "{\"modell\":\"m\"}                   | modell",
                "[]                                   |",
                "nonsense                             |"
            })
    void badInput(String body, String param) {
        var error = error(test(body), 400, "invalid_request");

        assertThat(error.path("param").asText(null)).isEqualTo(param);
    }

    @Test
    @DisplayName("A7 C1 It wants the admin key")
    void gated() {
        error(broker.post(PATH, "{}"), 403, "forbidden");
    }

    private static void assertResult(JsonNode result, String model, @Nullable String provider, @Nullable String code) {
        assertThat(result.path("model").asText()).isEqualTo(model);
        assertThat(result.path("provider").asText(null)).isEqualTo(provider);
        assertThat(result.path("ok").asBoolean()).as(result.toString()).isEqualTo(code == null);
        assertThat(result.at("/error/code").asText(null)).as(result.toString()).isEqualTo(code);
        if (code != null) {
            assertThat(result.at("/error/message").asText()).isNotBlank();
        }
    }

    private static HttpResponse<String> test(String body) {
        return broker.admin("POST", PATH, body);
    }
}
