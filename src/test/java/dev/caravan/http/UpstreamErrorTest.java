package dev.caravan.http;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static com.github.tomakehurst.wiremock.stubbing.Scenario.STARTED;
import static dev.caravan.http.Errors.error;
import static dev.caravan.http.Errors.json;
import static dev.caravan.testing.Providers.chat;
import static dev.caravan.testing.Providers.completion;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import dev.caravan.testing.Providers;
import dev.caravan.testing.RunningBroker;
import dev.caravan.testing.UsageTopic;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the caller sees when a provider fails, refuses, or says nothing of sense. */
class UpstreamErrorTest {

    private static final String PATH = "/v1/chat/completions";

    @RegisterExtension
    final WireMockExtension upstream = WireMockExtension.newInstance()
            .options(wireMockConfig().dynamicPort())
            .build();

    private final RunningBroker broker = RunningBroker.shared();

    @ParameterizedTest
    @DisplayName(
            "C10 A provider's 400, 404, 413, 422 and 429 keep status and message, without its key, and are not repeated")
    @CsvSource({
        "400,invalid_request,invalid_request_error",
        "404,model_not_found,invalid_request_error",
        "413,too_large,invalid_request_error",
        "422,invalid_request,invalid_request_error",
        "429,rate_limit_exceeded,rate_limit_error"
    })
    void keptStatuses(int status, String code, String type) {
        var name = provider("\"retry\":{\"max_retries\":0}");
        answer(aResponse().withStatus(status).withBody("""
                {"error":{"message":"not with %s!","param":"tools","code":"theirs"}}""".formatted(Providers.KEY)));

        var error = error(ask(name, ""), status, code);

        assertThat(error.path("message").asText()).startsWith("not with ").doesNotContain(Providers.KEY);
        assertThat(error.path("type").asText()).isEqualTo(type);
        if (status == 400 || status == 422) {
            assertThat(error.path("param").asText()).isEqualTo("tools");
        }
        assertThat(attempts()).isEqualTo(1);
    }

    @ParameterizedTest
    @DisplayName("C10 A provider that refuses the broker's key is 502, never 401, and is not asked again")
    @CsvSource({"401", "403"})
    void refusedKey(int status) {
        var name = provider("");
        answer(aResponse().withStatus(status).withBody("{\"error\":{\"message\":\"bad key " + Providers.KEY + "\"}}"));

        var error = error(ask(name, ""), 502, "inference_failed");

        assertThat(error.path("details").path("cause").asText()).isEqualTo("provider_unauthorized");
        assertThat(error.path("message").asText()).doesNotContain(Providers.KEY);
        assertThat(attempts()).isEqualTo(1);
    }

    @ParameterizedTest
    @DisplayName("D6 B10 A 5xx is repeated as often as retry_count says, then 502; the caller is told not to repeat it")
    @CsvSource({"500,0", "503,2", "529,1"})
    void repeated(int status, int retries) {
        var name = provider("\"retry\":{\"max_retries\":3,\"initial_delay\":0.01}");
        answer(aResponse().withStatus(status).withBody("oops"));

        var response = ask(name, "\"retry_count\":" + retries);

        error(response, 502, "inference_failed");
        assertThat(response.headers().firstValue("x-should-retry")).contains("false");
        assertThat(attempts()).isEqualTo(retries + 1);
    }

    @Test
    @DisplayName("D6 A repeat that succeeds is an answer; the usage event tells of both calls")
    void repeatSucceeds() {
        var name = provider("");
        upstream.stubFor(post(PATH)
                .inScenario("s")
                .whenScenarioStateIs(STARTED)
                .willReturn(aResponse().withStatus(500))
                .willSetStateTo("well"));
        upstream.stubFor(post(PATH).inScenario("s").whenScenarioStateIs("well").willReturn(okJson(completion("ok"))));

        var response = ask(name, "");

        assertThat(response.statusCode()).isEqualTo(200);
        var calls = UsageTopic.eventOf(id(response)).path("calls");
        assertThat(calls).extracting(call -> call.path("status").asInt()).containsExactly(502, 200);
    }

    @ParameterizedTest
    @DisplayName("C10 An answer that is none is 502")
    @CsvSource(
            delimiter = '|',
            value = {
                "<html>gateway</html>",
                "{\"id\":\"x\"",
                "[]",
                "{}",
                "''",
                "{\"choices\":[]}",
                "{\"error\":{\"message\":\"with status 200\"}}",
                "{\"choices\":[1]}",
                "{\"choices\":[{\"message\":{\"tool_calls\":[1]}}]}"
            })
    void garbage(String body) {
        var name = provider("");
        answer(aResponse().withStatus(200).withBody(body));

        var error = error(ask(name, "\"retry_count\":0"), 502, "inference_failed");

        assertThat(error.path("details").path("cause").asText()).isEqualTo("undecodable");
    }

    @Test
    @DisplayName("A10 C10 A connection that breaks is 502, one that is refused 503 cannot_connect")
    void connections() {
        var name = provider("");
        answer(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER));
        error(ask(name, "\"retry_count\":0"), 502, "inference_failed");

        var nobody = Providers.create("http://127.0.0.1:1/v1");
        var error = error(ask(nobody, "\"retry_count\":0"), 503, "service_unavailable");
        assertThat(error.path("details").path("cause").asText()).isEqualTo("cannot_connect");
        assertThat(error.path("message").asText()).contains(nobody);
    }

    @Test
    @DisplayName(
            "C2 A provider that hangs is 504 after its own timeout; 'timeout' of the request bounds all attempts together")
    void hanging() {
        answer(okJson(completion("late")).withFixedDelay(20_000));

        var name = provider("\"timeout\":0.3");
        error(ask(name, "\"retry_count\":0"), 504, "timeout");

        var patient = provider("\"timeout\":10");
        var began = System.nanoTime();
        var error = error(ask(patient, "\"timeout\":0.4,\"retry_count\":5"), 504, "timeout");
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isBetween(Duration.ofMillis(390), Duration.ofMillis(900));
        assertThat(error.path("details").path("cause").asText()).isEqualTo("deadline");
    }

    @Test
    @DisplayName(
            "F2 B11 After repeated failures the breaker opens: nobody is asked, 503 breaker_open, and /health shows it")
    void breaker() {
        var name = provider("\"retry\":{\"max_retries\":0}");
        answer(aResponse().withStatus(500));
        for (var i = 0; i < 10; i++) {
            error(ask(name, ""), 502, "inference_failed");
        }
        assertThat(attempts()).isEqualTo(10);

        var error = error(ask(name, ""), 503, "service_unavailable");

        assertThat(error.path("details").path("cause").asText()).isEqualTo("breaker_open");
        assertThat(attempts()).isEqualTo(10);
        var shown = json(broker.get("/health").body())
                .path("providers")
                .valueStream()
                .filter(each -> each.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
        assertThat(shown.path("breaker").asText()).isEqualTo("open");
        assertThat(shown.path("status").asText()).isEqualTo("down");
    }

    @Test
    @DisplayName("D6 C11 Retry-After of a 429 is obeyed, and until then nobody else bothers the provider either")
    void coolDown() {
        var name = provider("\"retry\":{\"max_retries\":0}");
        answer(aResponse().withStatus(429).withHeader("Retry-After", "7"));
        assertThat(ask(name, "").headers().firstValue("retry-after")).contains("7");

        var response = ask(name, "");

        var error = error(response, 429, "rate_limit_exceeded");
        assertThat(error.path("details").path("cause").asText()).isEqualTo("cooling_down");
        assertThat(Integer.parseInt(response.headers().firstValue("retry-after").orElseThrow()))
                .isBetween(5, 7);
        assertThat(attempts()).isEqualTo(1);
        error(broker.post(PATH, chat(name + ":another-model")), 429, "rate_limit_exceeded");
        assertThat(attempts()).as("the cool-down is the model's own").isEqualTo(2);
    }

    @Test
    @DisplayName("D6 A 429 that the broker's own repeats have not outlived is not to be repeated by the client")
    void exhausted429() {
        answer(aResponse().withStatus(429).withBody("{\"error\":{\"message\":\"slow down\"}}"));
        var name = provider("\"retry\":{\"max_retries\":0}");

        var response = ask(name, "");

        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(response.headers().firstValue("x-should-retry")).contains("false");
    }

    @Test
    @DisplayName("D6 A repeat after a 429 waits as long as the provider asks for")
    void waitsForRetryAfter() {
        var name = provider("");
        upstream.stubFor(post(PATH)
                .inScenario("s")
                .whenScenarioStateIs(STARTED)
                .willReturn(aResponse().withStatus(429).withHeader("retry-after-ms", "600"))
                .willSetStateTo("well"));
        upstream.stubFor(post(PATH).inScenario("s").whenScenarioStateIs("well").willReturn(okJson(completion("ok"))));
        var began = System.nanoTime();

        assertThat(ask(name, "").statusCode()).isEqualTo(200);

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(590));
    }

    @Test
    @DisplayName("C2 B8 fallback_providers are asked in order; the reply names the one that answered")
    void fallback() {
        var broken = provider("\"retry\":{\"max_retries\":0}");
        answer(aResponse().withStatus(500));
        var nobody = Providers.create("http://127.0.0.1:1/v1");

        var response = broker.post(
                PATH,
                chat(
                        "sim-echo",
                        "\"provider\":\"%s\",\"fallback_providers\":[\"%s\",\"simulator\"]".formatted(broken, nobody)));

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(json(response.body()).path("provider").asText()).isEqualTo("simulator");
        assertThat(UsageTopic.eventOf(id(response)).path("calls"))
                .extracting(call -> call.path("provider").asText())
                .startsWith(broken)
                .contains(nobody)
                .endsWith("simulator");
    }

    private String provider(String more) {
        return Providers.create(upstream.baseUrl() + "/v1", more);
    }

    private void answer(ResponseDefinitionBuilder response) {
        upstream.stubFor(post(urlPathEqualTo(PATH)).willReturn(response));
    }

    private int attempts() {
        return upstream.findAll(anyRequestedFor(anyUrl())).size();
    }

    private HttpResponse<String> ask(String provider, String more) {
        return broker.post(PATH, chat(provider + ":m", more));
    }

    private static String id(HttpResponse<String> response) {
        return response.headers().firstValue("x-request-id").orElseThrow();
    }
}
