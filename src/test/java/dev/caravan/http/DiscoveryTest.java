package dev.caravan.http;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static dev.caravan.http.Errors.error;
import static dev.caravan.http.Errors.json;
import static dev.caravan.testing.Providers.chat;
import static dev.caravan.testing.Providers.completion;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import dev.caravan.testing.Providers;
import dev.caravan.testing.RunningBroker;
import dev.caravan.testing.ScriptedUpstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Models that nobody has listed, found at the servers that have them. */
@ExtendWith(OutputCaptureExtension.class)
class DiscoveryTest {

    private static final String PATH = "/v1/chat/completions";
    private static final String ONCE = "\"retry\":{\"max_retries\":0}";
    private static final Duration SOON = Duration.ofSeconds(8);

    private static RunningBroker broker;

    @RegisterExtension
    final WireMockExtension one = WireMockExtension.newInstance()
            .options(wireMockConfig().dynamicPort())
            .build();

    @RegisterExtension
    final WireMockExtension other = WireMockExtension.newInstance()
            .options(wireMockConfig().dynamicPort())
            .build();

    @BeforeAll
    static void start() {
        broker = RunningBroker.another(Map.of(
                "caravan.discovery-interval", "1s",
                "CARAVAN_API_KEYS", RunningBroker.CLIENT_KEY,
                "CARAVAN_ADMIN_KEY", RunningBroker.ADMIN_KEY));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    @DisplayName("B4 B5 B6 B7 Ollama's models are listed, have a card, and are found by their names alone")
    void ollama() throws IOException {
        one.stubFor(get("/api/tags").willReturn(okJson(tags("gemma3:latest", "hf.co/org/model-GGUF:Q4_K_M"))));
        one.stubFor(post("/api/chat").willReturn(okJson(golden("ollama/basic.answer.json"))));

        var name = Providers.create(broker, "ollama", one.baseUrl(), ONCE);

        var model = awaitListed("gemma3:latest");
        assertThat(model.path("provider").asText()).isEqualTo(name);
        assertThat(listed("hf.co/org/model-GGUF:Q4_K_M").path("object").asText())
                .isEqualTo("model");
        var card = json(broker.get("/v1/models/hf.co/org/model-GGUF:Q4_K_M").body());
        assertThat(card.path("id").asText()).isEqualTo("hf.co/org/model-GGUF:Q4_K_M");
        assertThat(json(broker.get("/v1/models/gemma3").body()).path("id").asText())
                .isEqualTo("gemma3:latest");
        for (var asked : List.of("gemma3:latest", "gemma3", name + ":gemma3:latest")) {
            var answer = broker.post(PATH, chat(asked));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(json(answer.body()).path("provider").asText()).isEqualTo(name);
        }
        error(broker.post(PATH, chat("gemma4")), 404, "model_not_found");
        var discovery = health(name).path("discovery");
        assertThat(discovery.path("state").asText()).isEqualTo("found");
        assertThat(discovery.path("models").asInt()).isEqualTo(2);
        assertThat(discovery.path("latency_ms").isInt()).isTrue();
        assertThat(discovery.path("checked_at").asText()).isNotEmpty();
        one.verify(getRequestedFor(urlEqualTo("/api/tags"))
                .withHeader("Authorization", equalTo("Bearer " + Providers.KEY)));
    }

    @ParameterizedTest
    @DisplayName("B6 B7 So are those of vLLM and llama.cpp, and of any server that is to be asked")
    @ValueSource(strings = {"vllm", "llamacpp", "openai-compatible"})
    void openAi(String type) {
        var model = "org/" + type + "-model";
        one.stubFor(get("/v1/models").willReturn(okJson(models(model))));
        one.stubFor(post(PATH).willReturn(okJson(completion("ok"))));

        var name = Providers.create(
                broker,
                type,
                one.baseUrl() + "/v1",
                ONCE + (type.equals("openai-compatible") ? ",\"discover\":true" : ""));

        assertThat(awaitListed(model).path("provider").asText()).isEqualTo(name);
        assertThat(broker.post(PATH, chat(model)).statusCode()).isEqualTo(200);
    }

    @Test
    @DisplayName("B6 The list follows the server, and another server in its place at once")
    void refreshed() {
        one.stubFor(get("/v1/models").willReturn(okJson(models("first"))));
        other.stubFor(get("/v1/models").willReturn(okJson(models("third"))));
        var name = Providers.create(broker, "vllm", one.baseUrl() + "/v1", "");
        awaitListed("first");

        one.stubFor(get("/v1/models").willReturn(okJson(models("second"))));

        awaitListed("second");
        assertThat(listed("first").isMissingNode()).isTrue();
        broker.admin("PATCH", "/admin/providers/" + name, "{\"base_url\":\"" + other.baseUrl() + "/v1\"}");
        assertThat(listed("second").isMissingNode())
                .as("the other server was not asked yet")
                .isTrue();
        awaitListed("third");
        broker.admin("PATCH", "/admin/providers/" + name, "{\"discover\":false}");
        assertThat(listed("third").isMissingNode()).isTrue();
        assertThat(health(name).has("discovery")).isFalse();
    }

    @Test
    @DisplayName(
            "B6 A server that is not there is no error: /health says so, the log once, and it is found when it comes")
    void absent(CapturedOutput output) throws Exception {
        var there = new CountDownLatch(1);
        try (var upstream = ScriptedUpstream.startTellingModels(call -> {
            if (there.getCount() == 0) {
                call.json(200, models("late-model"));
            }
        })) {
            var name = Providers.create(broker, "llamacpp", upstream.url(), "");
            await().atMost(SOON)
                    .untilAsserted(
                            () -> assertThat(health(name).at("/discovery/state").asText())
                                    .isEqualTo("absent"));
            assertThat(health(name).at("/discovery/error").asText()).isEqualTo("cannot_connect");
            assertThat(health(name).path("status").asText()).isEqualTo("down");
            for (var i = 0; i < 3; i++) {
                upstream.next();
            }
            there.countDown();

            awaitListed("late-model");

            assertThat(output.getAll().split("'" + name + "' does not tell its models", -1))
                    .hasSize(2);
            assertThat(output.getAll()).contains("'" + name + "' tells its models, 1 in ");
        }
    }

    @Test
    @DisplayName("B6 A server that has told its models and is gone keeps them; one that answers nonsense has failed")
    void gone() {
        one.stubFor(get("/v1/models").willReturn(okJson(models("stays"))));
        var name = Providers.create(broker, "vllm", one.baseUrl() + "/v1", "");
        awaitListed("stays");

        for (var answer : List.of(aResponse().withStatus(401), okJson("{\"data\":7}"), okJson("<html>"))) {
            one.stubFor(get("/v1/models").willReturn(answer));
            await().atMost(SOON).until(() -> health(name).at("/discovery/state").asText(), "failed"::equals);
            one.stubFor(get("/v1/models").willReturn(okJson(models("stays"))));
            await().atMost(SOON).until(() -> health(name).at("/discovery/state").asText(), "found"::equals);
        }
        one.shutdownServer();
        await().atMost(SOON).until(() -> health(name).at("/discovery/state").asText(), "absent"::equals);
        assertThat(listed("stays").path("provider").asText()).isEqualTo(name);
        assertThat(health(name).at("/discovery/models").asInt()).isEqualTo(1);
    }

    @Test
    @DisplayName(
            "B7 A configured name stays what it is; a server that has that model too is asked for it by 'provider:model'")
    void configuredWins() {
        one.stubFor(get("/v1/models").willReturn(okJson(models("sim-echo", "own-model"))));
        one.stubFor(post(PATH).willReturn(okJson(completion("of the server"))));
        var name = Providers.create(broker, "vllm", one.baseUrl() + "/v1", "\"priority\":1000");
        awaitListed("own-model");

        assertThat(json(broker.post(PATH, chat("sim-echo")).body())
                        .path("provider")
                        .asText())
                .isEqualTo("simulator");
        assertThat(listed(name + ":sim-echo").path("provider").asText()).isEqualTo(name);
        assertThat(json(broker.post(PATH, chat(name + ":sim-echo")).body())
                        .path("provider")
                        .asText())
                .isEqualTo(name);
    }

    @Test
    @DisplayName("B6 B8 What two servers have is served by both: one is asked when the other fails")
    void joined() throws IOException {
        for (var server : List.of(one, other)) {
            server.stubFor(get("/api/tags").willReturn(okJson(tags("shared-model"))));
        }
        one.stubFor(post("/api/chat").willReturn(aResponse().withStatus(500)));
        other.stubFor(post("/api/chat").willReturn(okJson(golden("ollama/basic.answer.json"))));
        Providers.create(broker, "ollama", one.baseUrl(), ONCE + ",\"priority\":200");
        var second = Providers.create(broker, "ollama", other.baseUrl(), ONCE);
        awaitListed(second + ":shared-model");

        var answer = json(broker.post(PATH, chat("shared-model")).body());

        assertThat(answer.path("provider").asText()).isEqualTo(second);
        one.verify(postRequestedFor(urlEqualTo("/api/chat")));
    }

    @Test
    @DisplayName("B6 No request waits for a server that is silent, nor does a provider's creation")
    void neverWaits() {
        try (var silent = ScriptedUpstream.startTellingModels(ScriptedUpstream.Call::awaitClosed)) {
            var began = System.nanoTime();
            var name = Providers.create(broker, "ollama", silent.host(), "");
            broker.get("/v1/models");
            broker.get("/health");
            assertThat(broker.post(PATH, chat("sim-echo")).statusCode()).isEqualTo(200);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(3));
            await().until(() -> health(name).at("/discovery/state").asText(), "pending"::equals);
            broker.admin("DELETE", "/admin/providers/" + name, null);
        }
    }

    @Test
    @DisplayName("B6 C6 'discover' is refused where it means nothing")
    void refused() {
        var response = broker.admin("POST", "/admin/providers", """
                {"name":"%s","type":"anthropic","base_url":"http://127.0.0.1:1","discover":true}""".formatted(Providers.freshName()));

        assertThat(error(response, 400, "invalid_request").path("param").asText())
                .isEqualTo("discover");
    }

    private static JsonNode awaitListed(String id) {
        return await(id).atMost(SOON).until(() -> listed(id), JsonNode::isObject);
    }

    private static JsonNode listed(String id) {
        return json(broker.get("/v1/models").body())
                .path("data")
                .valueStream()
                .filter(model -> model.path("id").asText().equals(id))
                .findFirst()
                .orElse(json("{}").path("nothing"));
    }

    private static JsonNode health(String name) {
        return json(broker.get("/health").body())
                .path("providers")
                .valueStream()
                .filter(each -> each.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** As Ollama's page shows it (docs.ollama.com/api/tags). */
    private static String tags(String... names) {
        return Stream.of(names)
                .map(name -> """
                        {"name":"%s","model":"%s","modified_at":"2025-10-03T23:34:03.409490317-07:00","size":3338801804,\
                        "digest":"a2af6cc3eb7fa8be8504abaf9b04e88f17a119ec3f04a3addf55f92841195f5a","details":{"format":"gguf",\
                        "family":"gemma","families":["gemma"],"parameter_size":"4.3B","quantization_level":"Q4_K_M"}}""".formatted(name, name))
                .collect(Collectors.joining(",", "{\"models\":[", "]}"));
    }

    /** As vLLM answers, in OpenAI's form. */
    private static String models(String... names) {
        return Stream.of(names)
                .map(name -> """
                        {"id":"%s","object":"model","created":1700000000,"owned_by":"vllm","root":"%s","parent":null,\
                        "max_model_len":8192,"permission":[]}""".formatted(name, name))
                .collect(Collectors.joining(",", "{\"object\":\"list\",\"data\":[", "]}"));
    }

    private static String golden(String file) throws IOException {
        return Files.readString(Path.of("src/test/golden", file));
    }
}
