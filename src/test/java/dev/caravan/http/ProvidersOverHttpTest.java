package dev.caravan.http;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static dev.caravan.http.Errors.error;
import static dev.caravan.http.Errors.json;
import static dev.caravan.testing.Providers.chat;
import static dev.caravan.testing.Providers.chunk;
import static dev.caravan.testing.Providers.completion;
import static dev.caravan.testing.Providers.lastChunk;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import dev.caravan.testing.Load;
import dev.caravan.testing.Providers;
import dev.caravan.testing.RunningBroker;
import dev.caravan.testing.ScriptedUpstream;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code /admin/providers} over HTTP, while others go on asking. */
class ProvidersOverHttpTest {

    private static final String CHAT = "/v1/chat/completions";

    @RegisterExtension
    static final WireMockExtension ONE = WireMockExtension.newInstance()
            .options(wireMockConfig().dynamicPort())
            .build();

    @RegisterExtension
    static final WireMockExtension TWO = WireMockExtension.newInstance()
            .options(wireMockConfig().dynamicPort())
            .build();

    private final RunningBroker broker = RunningBroker.shared();

    @Test
    @DisplayName(
            "C6 A provider is usable when its creation is answered, follows each change at once, and is gone when deleted")
    void endToEnd() {
        accept(ONE, "key-one");
        var name = Providers.freshName();
        var created = json(broker.admin("POST", "/admin/providers", """
                {"name":"%s","type":"openai-compatible","base_url":"%s/v1","api_key":"key-one"}""".formatted(name, ONE.baseUrl()))
                .body());
        assertThat(created.path("id").isInt()).isTrue();
        assertThat(created.path("api_key").asText()).startsWith("****").doesNotContain("key-one");
        assertThat(ask(name + ":any-model")).isEqualTo(200);

        var path = "/admin/providers/" + created.path("id").asInt();
        assertThat(json(broker.admin("GET", path, null).body()))
                .isEqualTo(json(
                        broker.admin("GET", "/admin/providers/" + name, null).body()));
        broker.admin("PATCH", path, "{\"models\":[\"only-here\"],\"default_model\":\"only-here\"}");
        assertThat(ask("only-here")).isEqualTo(200);
        assertThat(ask(name)).as("the name alone stands for the default model").isEqualTo(200);

        broker.admin("PATCH", path, "{\"enabled\":false}");
        assertThat(error(broker.post(CHAT, chat("only-here")), 503, "service_unavailable")
                        .at("/details/cause")
                        .asText())
                .isEqualTo("provider_disabled");
        broker.admin("PATCH", path, "{\"enabled\":true}");
        assertThat(ask("only-here")).isEqualTo(200);

        assertThat(broker.admin("DELETE", path, null).statusCode()).isEqualTo(200);
        error(broker.post(CHAT, chat("only-here")), 404, "model_not_found");
        error(broker.admin("GET", path, null), 404, "not_found");
    }

    @Test
    @DisplayName("C6 Bad input names the field, a taken name is 409, a provider of the file cannot be deleted")
    void refusals() {
        assertThat(error(
                                broker.admin(
                                        "POST",
                                        "/admin/providers",
                                        "{\"type\":\"openai\",\"base_url\":\"http://x/v1\"}"),
                                400,
                                "invalid_request")
                        .path("param")
                        .asText())
                .isEqualTo("name");
        assertThat(error(
                                broker.admin(
                                        "POST",
                                        "/admin/providers",
                                        "{\"name\":\"x\",\"type\":\"nobody\"," + "\"base_url\":\"http://x/v1\"}"),
                                400,
                                "invalid_request")
                        .path("param")
                        .asText())
                .isEqualTo("type");
        for (var body : new String[] {"", "[]", "not json", "\0\0\0{\0\u0011\0\0", "{\"name\":\"x\",\"name\":\"y\"}"}) {
            error(broker.admin("POST", "/admin/providers", body), 400, "invalid_request");
        }
        error(
                broker.admin(
                        "POST",
                        "/admin/providers",
                        "{\"name\":\"simulator\",\"type\":\"openai\"," + "\"base_url\":\"http://x/v1\"}"),
                409,
                "conflict");
        error(broker.admin("DELETE", "/admin/providers/simulator", null), 409, "conflict");
        error(broker.admin("PATCH", "/admin/providers/nobody", "{\"enabled\":false}"), 404, "not_found");
    }

    @Test
    @DisplayName("C6 Changing, adding and deleting providers fails no request that others make meanwhile")
    void underLoad() {
        accept(ONE, "key-one");
        accept(TWO, "key-two");
        var name = Providers.freshName();
        var path = "/admin/providers/" + name;
        broker.admin("POST", "/admin/providers", """
                {"name":"%s","type":"openai-compatible","base_url":"%s/v1","api_key":"key-one",\
                "retry":{"max_retries":0}}""".formatted(name, ONE.baseUrl()));
        try (var load = Load.of(chat(name + ":m"), 100)) {
            for (var i = 0; i < 6; i++) {
                var to = i % 2 == 0 ? TWO : ONE;
                var change = broker.admin(
                        "PATCH",
                        path,
                        "{\"base_url\":\"%s/v1\",\"api_key\":\"%s\"}"
                                .formatted(to.baseUrl(), i % 2 == 0 ? "key-two" : "key-one"));
                assertThat(change.statusCode()).isEqualTo(200);
                var other = Providers.create(ONE.baseUrl() + "/v1");
                broker.admin("DELETE", "/admin/providers/" + other, null);
                var before = load.answered();
                await().until(() -> load.answered() > before + 10);
            }
            assertThat(load.failures()).isEmpty();
            assertThat(load.answered()).isGreaterThan(100);
        }
    }

    @Test
    @DisplayName("C6 A stream that has begun goes on to its end, though its provider is changed and deleted meanwhile")
    void streamOutlivesItsProvider() throws Exception {
        var turn = new Semaphore(0);
        try (var upstream = ScriptedUpstream.start(call -> {
            call.stream();
            for (var i = 0; i < 2; i++) {
                call.event(chunk("t"));
                turn.acquire();
            }
            call.event(lastChunk()).event("[DONE]").end();
        })) {
            var name = Providers.create(upstream.url());
            try (var client = StreamClient.ask(chat(name + ":m", "\"stream\":true"))) {
                client.event();
                broker.admin("PATCH", "/admin/providers/" + name, "{\"base_url\":\"http://127.0.0.1:1/v1\"}");
                broker.admin("DELETE", "/admin/providers/" + name, null);
                // no more than the route of the stream itself is left
                await().until(() -> routes(name) <= 1);
                var looks = new AtomicInteger();
                await().pollInterval(Duration.ofSeconds(1)).until(() -> looks.incrementAndGet() >= 3);

                turn.release(2);

                assertThat(client.events()).hasSize(3).last().isEqualTo("[DONE]");
            }
            await().until(() -> routes(name) == 0);
        }
    }

    private long routes(String provider) {
        return broker.bean(CamelContext.class).getRoutes().stream()
                .filter(route -> route.getId().startsWith("provider." + provider + "."))
                .count();
    }

    @Test
    @DisplayName("C6 A provider's key stands in no file of the data folder, nor in any answer of the admin API")
    void keyAtRest() throws Exception {
        var key = "sk-marker-in-no-file-0123456789";
        var name = Providers.freshName();
        broker.admin("POST", "/admin/providers", """
                {"name":"%s","type":"openai","base_url":"http://127.0.0.1:1/v1","api_key":"%s"}""".formatted(name, key));
        broker.post(CHAT, chat(name + ":m", "\"retry_count\":0"));

        assertThat(broker.admin("GET", "/admin/providers", null).body())
                .contains(name)
                .doesNotContain(key);
        assertThat(holds(name)).as("files are looked through").isTrue();
        assertThat(holds(key)).isFalse();
    }

    /** By grep, which passes over the holes of Kafka's files: read byte by byte they are gigabytes. */
    private boolean holds(String text) throws Exception {
        var found = new ProcessBuilder("grep", "-rqaF", text, broker.home().toString())
                .inheritIO()
                .start()
                .waitFor();
        assertThat(found).isLessThan(2);
        return found == 0;
    }

    private static void accept(WireMockExtension upstream, String key) {
        upstream.stubFor(
                post(urlPathEqualTo(CHAT)).atPriority(9).willReturn(aResponse().withStatus(401)));
        upstream.stubFor(post(urlPathEqualTo(CHAT))
                .withHeader("Authorization", equalTo("Bearer " + key))
                .willReturn(okJson(completion("ok"))));
    }

    private int ask(String model) {
        return broker.post(CHAT, chat(model)).statusCode();
    }
}
