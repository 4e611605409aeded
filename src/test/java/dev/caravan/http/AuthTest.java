package dev.caravan.http;

import static dev.caravan.http.Errors.error;
import static dev.caravan.testing.Providers.chat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.caravan.broker.Broker;
import dev.caravan.testing.RunningBroker;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in. */
class AuthTest {

    private final RunningBroker broker = RunningBroker.shared();

    @Test
    @DisplayName("C1 A client's key counts as bearer and as X-API-Key, whatever the case of 'bearer'")
    void clientKey() {
        assertThat(models("Authorization", "Bearer " + RunningBroker.CLIENT_KEY).statusCode())
                .isEqualTo(200);
        assertThat(models("Authorization", "bearer " + RunningBroker.CLIENT_KEY).statusCode())
                .isEqualTo(200);
        assertThat(models("X-API-Key", RunningBroker.CLIENT_KEY).statusCode()).isEqualTo(200);
        assertThat(models("X-API-Key", RunningBroker.ADMIN_KEY).statusCode())
                .as("the admin may do all")
                .isEqualTo(200);
    }

    @ParameterizedTest
    @DisplayName("C1 A10 Without a key, or with a wrong one, every endpoint but the health ones is 401")
    @ValueSource(
            strings = {
                "POST /v1/chat/completions",
                "GET /v1/models",
                "GET /v1/models/sim-echo",
                "GET /admin/providers",
                "POST /admin/providers",
                "GET /admin/providers/simulator",
                "PATCH /admin/providers/simulator",
                "DELETE /admin/providers/simulator",
                "GET /admin/health",
                "GET /admin/stats",
                "GET /admin/logs"
            })
    void unauthorized(String endpoint) {
        var none = send(endpoint);
        error(none, 401, "unauthorized");
        assertThat(none.headers().firstValue("www-authenticate")).contains("Bearer");
        error(
                send(endpoint, "Authorization", "Bearer wrong", "X-API-Key", "wrong", "X-Admin-Key", "wrong"),
                401,
                "unauthorized");
        error(send(endpoint, "Authorization", "Basic dGVzdC1jbGllbnQta2V5"), 401, "unauthorized");
    }

    @ParameterizedTest
    @DisplayName("C1 A client's key is forbidden what is the administrator's")
    @ValueSource(strings = {"GET /admin/providers", "DELETE /admin/providers/simulator", "GET /admin/logs"})
    void forbidden(String endpoint) {
        error(send(endpoint, "Authorization", "Bearer " + RunningBroker.CLIENT_KEY), 403, "forbidden");
        assertThat(send("GET /admin/logs", "X-Admin-Key", RunningBroker.ADMIN_KEY)
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    @DisplayName("C5 Health needs no key")
    void health() {
        assertThat(send("GET /health").body()).contains("\"status\":\"healthy\"", "\"service\":\"caravan\"");
        assertThat(send("GET /healthz").body()).isEqualTo("{\"status\":\"healthy\",\"service\":\"caravan\"}");
        assertThat(send("HEAD /healthz").statusCode()).isEqualTo(200);
    }

    @Test
    @DisplayName(
            "B13 Open mode takes any key or none on this machine, but the admin key stays needed; elsewhere it refuses to start")
    void openMode() {
        try (var open = RunningBroker.another(Map.of())) {
            var request = HttpRequest.newBuilder(URI.create(open.url() + "/v1/chat/completions"));
            assertThat(open.send(request.copy().POST(BodyPublishers.ofString(chat("sim-echo"))))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(open.post("/v1/chat/completions", chat("sim-echo")).statusCode())
                    .isEqualTo(200);
            error(open.get("/admin/providers"), 401, "unauthorized");
            assertThat(open.home().resolve("data/admin.key")).exists();
        }
        var thrown = catchThrowable(() -> RunningBroker.another(Map.of("caravan.host", "0.0.0.0")));
        assertThat(Broker.refusal(thrown))
                .hasValueSatisfying(sentence -> assertThat(sentence)
                        .contains("0.0.0.0", "CARAVAN_API_KEYS")
                        .doesNotContain("\n"));
    }

    private HttpResponse<String> models(String header, String value) {
        return send("GET /v1/models", header, value);
    }

    private HttpResponse<String> send(String endpoint, String... headers) {
        var words = endpoint.split(" ");
        var body = words[0].equals("POST") ? BodyPublishers.ofString(chat("sim-echo")) : BodyPublishers.noBody();
        var request =
                HttpRequest.newBuilder(URI.create(broker.url() + words[1])).method(words[0], body);
        return broker.send(headers.length == 0 ? request : request.headers(headers));
    }
}
