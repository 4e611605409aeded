package dev.caravan.http;

import static dev.caravan.http.Errors.error;
import static dev.caravan.http.Errors.json;
import static dev.caravan.testing.Providers.chat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.testing.Providers;
import dev.caravan.testing.RunningBroker;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What operators see of the requests: logs, statistics, health, metrics. */
class FiguresTest {

    private static final Duration SOON = Duration.ofSeconds(2);

    private final RunningBroker broker = RunningBroker.shared();

    @Test
    @DisplayName(
            "C9 F5 A request is in the log within 2 s, with all that the log tells, found by its id or its completion's")
    void logged() {
        var id = "figures-" + System.nanoTime();
        var answer = json(ask(id, chat("sim-echo")));

        var entry = awaitEntry("request_id=" + id);

        assertThat(entry.path("request_id").asText()).isEqualTo(id);
        assertThat(entry.path("model").asText()).isEqualTo("sim-echo");
        assertThat(entry.path("provider").asText()).isEqualTo("simulator");
        assertThat(entry.path("status_code").asInt()).isEqualTo(200);
        assertThat(entry.path("latency_ms").asDouble()).isPositive();
        assertThat(entry.path("prompt_tokens").asInt())
                .isEqualTo(answer.at("/usage/prompt_tokens").asInt());
        assertThat(entry.path("completion_tokens").asInt())
                .isEqualTo(answer.at("/usage/completion_tokens").asInt());
        assertThat(entry.path("total_tokens").asInt())
                .isEqualTo(answer.at("/usage/total_tokens").asInt());
        assertThat(entry.path("cost").decimalValue()).isPositive();
        assertThat(entry.path("key").asText()).startsWith("key-").doesNotContain(RunningBroker.CLIENT_KEY);
        assertThat(entry.has("error_code")).isTrue();
        assertThat(Instant.parse(entry.path("timestamp").asText()))
                .isBetween(Instant.now().minusSeconds(20), Instant.now());
        assertThat(logs("request_id=" + answer.path("id").asText()).path("logs"))
                .hasSize(1);
    }

    @Test
    @DisplayName("C9 The log filters by status, model, provider, key and time, and pages, newest first")
    void filters() {
        var name = Providers.create("http://127.0.0.1:1/v1", "\"retry\":{\"max_retries\":0}");
        for (var i = 0; i < 3; i++) {
            broker.post("/v1/chat/completions", chat(name + ":m", "\"retry_count\":0"));
        }
        await().atMost(SOON)
                .until(() -> logs("model=" + name + ":m").path("total").asInt() == 3);

        assertThat(logs("provider=" + name + "&status_code=503").path("total").asInt())
                .isEqualTo(3);
        assertThat(logs("provider=" + name + "&status_code=200").path("logs")).isEmpty();
        assertThat(logs("provider=" + name + "&key=nobody").path("total").asInt())
                .isZero();
        assertThat(logs("provider=" + name + "&since=1h").path("total").asInt()).isEqualTo(3);
        assertThat(logs("provider=" + name + "&until=1h").path("total").asInt()).isZero();
        var first = logs("provider=" + name + "&page=1&page_size=2");
        assertThat(first.path("page").asInt()).isEqualTo(1);
        assertThat(first.path("page_size").asInt()).isEqualTo(2);
        assertThat(first.path("total").asInt()).isEqualTo(3);
        assertThat(first.path("logs")).hasSize(2);
        assertThat(first.at("/logs/0/timestamp").asText())
                .isGreaterThan(first.at("/logs/1/timestamp").asText());
        assertThat(first.at("/logs/0/error_code").asText()).isEqualTo("service_unavailable");
        assertThat(logs("provider=" + name + "&page=2&page_size=2").path("logs"))
                .hasSize(1);
        assertThat(logs("provider=" + name + "&page=3&page_size=2").path("logs"))
                .isEmpty();
    }

    @ParameterizedTest
    @DisplayName("C8 C9 Bad values are 400 and named")
    @CsvSource({
        "logs,page=0,page",
        "logs,page=x,page",
        "logs,page_size=1001,page_size",
        "logs,status_code=99,status_code",
        "logs,status_code=2xx,status_code",
        "logs,since=yesterday,since",
        "logs,until=32d13,until",
        "logs,since=1h&until=2h,since",
        "logs,model=,model",
        "logs,colour=red,colour",
        "stats,hours=0,hours",
        "stats,hours=x,hours",
        "stats,days=1,days"
    })
    void badValues(String endpoint, String query, String param) {
        var response = broker.admin("GET", "/admin/" + endpoint + "?" + query, null);

        assertThat(error(response, 400, "invalid_request").path("param").asText())
                .isEqualTo(param);
    }

    @ParameterizedTest
    @DisplayName("F5 What a replay of usage is not told rightly is 400 and named")
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"from\":\"yesterday\"}            | from",
                "{\"from\":\"2999-01-01T00:00:00Z\"} | from",
                "{\"reprice\":\"yes\"}               | reprice",
                "{\"colour\":\"red\"}                | colour",
                "[]                                | ",
                "{                                 | "
            })
    void badReplay(String body, @Nullable String param) {
        var response = broker.admin("POST", "/admin/usage/replay", body);

        assertThat(error(response, 400, "invalid_request").path("param").asText(null))
                .isEqualTo(param);
    }

    @Test
    @DisplayName("F5 Only who has the admin key may replay usage, or see how far that is")
    void replayIsForAdmins() {
        for (var method : List.of("GET", "POST")) {
            var request = broker.request("/admin/usage/replay", RunningBroker.CLIENT_KEY)
                    .method(method, BodyPublishers.ofString("{}"));
            assertThat(broker.send(request).statusCode()).isEqualTo(403);
        }
        assertThat(json(broker.admin("GET", "/admin/usage/replay", null).body())
                        .path("state")
                        .asText())
                .isEqualTo("none");
    }

    @Test
    @DisplayName("C8 Statistics show a request within 2 s, with its cost, by provider, model and key")
    void statistics() {
        var before =
                provider(json(broker.admin("GET", "/admin/stats?hours=24", null).body()));

        broker.post("/v1/chat/completions", chat("sim-echo"));

        await().atMost(SOON).untilAsserted(() -> {
            var after = json(broker.admin("GET", "/admin/stats?hours=24", null).body());
            var simulator = provider(after);
            assertThat(simulator.path("total_requests").asInt())
                    .isGreaterThan(before.path("total_requests").asInt());
            assertThat(simulator.path("total_tokens").asInt())
                    .isGreaterThan(before.path("total_tokens").asInt());
            assertThat(simulator.path("total_cost").decimalValue()).isPositive();
            for (var field : new String[] {"provider_id", "successful_requests", "failed_requests", "success_rate"}) {
                assertThat(simulator.has(field)).as(field).isTrue();
            }
            for (var field : new String[] {"total_requests", "success_rate", "avg_response_time_ms", "timestamp"}) {
                assertThat(after.has(field)).as(field).isTrue();
            }
        });
    }

    @Test
    @DisplayName("C7 B11 Health shows a provider that fails, and the rest of what the broker stands on")
    void health() {
        var name = Providers.create("http://127.0.0.1:1/v1", "\"retry\":{\"max_retries\":0}");
        for (var i = 0; i < 3; i++) {
            broker.post("/v1/chat/completions", chat(name + ":m"));
        }

        // the third may be counted after its caller has heard of it
        var health = await().atMost(SOON)
                .until(
                        () -> json(broker.admin("GET", "/admin/health", null).body()),
                        each -> provider(each, name)
                                        .path("consecutive_failures")
                                        .asInt()
                                == 3);

        assertThat(health.path("status").asText()).isEqualTo("healthy");
        assertThat(health.path("database_status").asText()).isEqualTo("healthy");
        assertThat(health.has("cache_status")).isTrue();
        var provider = provider(health, name);
        assertThat(provider.path("is_healthy").asBoolean()).isFalse();
        assertThat(provider.path("success_rate").asDouble()).isZero();
        assertThat(provider.path("provider_id").isInt()).isTrue();
        assertThat(provider.path("response_time_ms").isNumber()).isTrue();
        assertThat(broker.get("/health").body()).contains("{\"name\":\"" + name + "\",\"status\":\"down\"");
    }

    private static JsonNode provider(JsonNode health, String name) {
        return health.path("providers")
                .valueStream()
                .filter(each -> each.path("provider_name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    @DisplayName("F5 Metrics have OpenTelemetry's names, and none for models that somebody only made up")
    void metrics() {
        broker.post("/v1/chat/completions", chat("sim-echo", "\"stream\":true"));
        broker.post("/v1/chat/completions", chat("a-model-made-up-by-anybody"));

        await().atMost(SOON).untilAsserted(() -> {
            var response = broker.get("/metrics");
            assertThat(response.headers().firstValue("content-type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain"));
            assertThat(response.body())
                    .contains(
                            "gen_ai_server_request_duration_seconds_bucket{",
                            "gen_ai_server_time_to_first_token_seconds_count{",
                            "gen_ai_client_operation_duration_seconds_sum{",
                            "gen_ai_client_token_usage_sum{",
                            "gen_ai_token_type=\"input\"",
                            "gen_ai_provider_name=\"simulator\"",
                            "http_response_status_code=\"404\"")
                    .doesNotContain("made-up");
        });
    }

    private String ask(String id, String json) {
        return broker.send(broker.request("/v1/chat/completions", RunningBroker.CLIENT_KEY)
                        .header("x-request-id", id)
                        .POST(BodyPublishers.ofString(json)))
                .body();
    }

    private JsonNode awaitEntry(String query) {
        await().atMost(SOON).until(() -> logs(query).path("total").asInt() == 1);
        return logs(query).path("logs").path(0);
    }

    private JsonNode logs(String query) {
        return json(broker.admin("GET", "/admin/logs?" + query, null).body());
    }

    private static JsonNode provider(JsonNode statistics) {
        return statistics
                .path("providers")
                .valueStream()
                .filter(each -> each.path("provider_name").asText().equals("simulator"))
                .findFirst()
                .orElse(statistics.path("nothing"));
    }
}
