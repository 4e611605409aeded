package dev.caravan.http;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
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
import dev.caravan.testing.RunningBroker;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Providers that the environment makes or switches on. */
class EnvironmentProviderTest {

    private static final String PATH = "/v1/chat/completions";

    @RegisterExtension
    static final WireMockExtension UPSTREAM = WireMockExtension.newInstance()
            .options(wireMockConfig().dynamicPort())
            .build();

    private static RunningBroker broker;

    @BeforeAll
    static void start() {
        broker = RunningBroker.another(Map.of(
                "BASE_URL",
                UPSTREAM.baseUrl() + "/v1",
                "API_KEY",
                "key-of-the-environment",
                "OLLAMA_BASE_URL",
                UPSTREAM.baseUrl(),
                "MISTRAL_API_KEY",
                "key-of-mistral",
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
    @DisplayName("A11 BASE_URL and API_KEY make a provider 'default' that is asked for names that no other provides")
    void asked() {
        UPSTREAM.stubFor(post(PATH).willReturn(okJson(completion("of the default"))));
        UPSTREAM.stubFor(post(PATH)
                .withRequestBody(matchingJsonPath("$.stream", equalTo("true")))
                .willReturn(aResponse()
                        .withHeader("Content-Type", "text/event-stream")
                        .withBody("data: " + chunk("of the default") + "\n\ndata: " + lastChunk()
                                + "\n\ndata: [DONE]\n\n")));

        var whole = broker.post(PATH, chat("a-model/nobody-lists"));
        var streamed = broker.post(PATH, chat("a-model/nobody-lists", "\"stream\":true"));

        assertThat(whole.statusCode()).as(whole.body()).isEqualTo(200);
        assertThat(json(whole.body()).path("provider").asText()).isEqualTo("default");
        assertThat(json(whole.body()).path("model").asText()).isEqualTo("a-model/nobody-lists");
        assertThat(streamed.body()).contains("of the default").endsWith("data: [DONE]\n\n");
        UPSTREAM.verify(
                2,
                postRequestedFor(urlEqualTo(PATH))
                        .withHeader("Authorization", equalTo("Bearer key-of-the-environment"))
                        .withRequestBody(matchingJsonPath("$.model", equalTo("a-model/nobody-lists"))));
        assertThat(json(broker.post(PATH, chat("sim-echo")).body())
                        .path("provider")
                        .asText())
                .isEqualTo("simulator");
        var shown = json(broker.admin("GET", "/admin/providers/default", null).body());
        assertThat(shown.path("source").asText()).isEqualTo("environment");
        assertThat(shown.path("type").asText()).isEqualTo("openai-compatible");
        assertThat(shown.toString()).doesNotContain("key-of-the-environment");
    }

    @Test
    @DisplayName("A11 B4 B6 The models of 'default' are listed where its server tells them, and so are those of Ollama")
    void listed() {
        UPSTREAM.stubFor(get("/v1/models").willReturn(okJson("{\"data\":[{\"id\":\"told-by-default\"}]}")));
        UPSTREAM.stubFor(get("/api/tags").willReturn(okJson("{\"models\":[{\"name\":\"told-by-ollama:1b\"}]}")));
        // the first question may have come before there was an answer: a change has them asked again
        broker.admin("PATCH", "/admin/providers/default", "{\"api_key\":\"another-key\"}");
        broker.admin("PATCH", "/admin/providers/ollama", "{\"api_key\":\"another-key\"}");

        await().until(() -> broker.get("/v1/models").body().contains("told-by-default"));
        await().until(() -> broker.get("/v1/models").body().contains("told-by-ollama:1b"));
        assertThat(broker.get("/v1/models").body())
                .contains("mistral-small-latest")
                .doesNotContain("gpt-4o");
        broker.admin("DELETE", "/admin/providers/default", null);
        broker.admin("DELETE", "/admin/providers/ollama", null);
    }

    @Test
    @DisplayName(
            "C2 C6 A request that names only a provider is for its default model: by 'provider', 'NAME' or 'NAME:'")
    void defaultModel() {
        for (var body : new String[] {
            chat("simulator"),
            chat("simulator:"),
            "{\"provider\":\"simulator\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"
        }) {
            var answer = broker.post(PATH, body);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(json(answer.body()).at("/choices/0/message/content").asText())
                    .as("sim-echo repeats what it is told")
                    .isEqualTo("Hi");
        }
        var unnamed =
                broker.post(PATH, "{\"provider\":\"simulator\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");
        assertThat(json(unnamed.body()).path("model").asText()).isEqualTo("simulator:sim-echo");
        var none =
                broker.post(PATH, "{\"provider\":\"default\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");
        assertThat(error(none, 404, "model_not_found").path("message").asText()).contains("default_model");
    }
}
