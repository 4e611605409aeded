package dev.caravan.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.RunningBroker;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The door of a whole broker, as it is set. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DoorOverHttpTest {

    private static final String PAGE = "https://app.example.com";

    private RunningBroker broker;

    @BeforeAll
    void start() {
        broker = RunningBroker.another(Map.of(
                "CARAVAN_API_KEYS",
                RunningBroker.CLIENT_KEY,
                "CARAVAN_ADMIN_KEY",
                RunningBroker.ADMIN_KEY,
                "caravan.door.cors.allowed-origins",
                PAGE,
                "caravan.door.header-timeout",
                "300ms"));
    }

    @AfterAll
    void stop() {
        broker.close();
    }

    @Test
    @DisplayName("C10 what the door refuses has the body of all errors and is counted by its reason")
    void refusals() throws IOException {
        assertThat(sent("nonsense\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ")
                .contains("\"type\":\"invalid_request_error\"", "\"code\":\"invalid_request\"", "\"details\":{");
        assertThat(sent("GET / HTTP/1.1\r\n"))
                .startsWith("HTTP/1.1 408 ")
                .contains("\"code\":\"timeout\"", "\"cause\":\"slow_headers\"");
        assertThat(broker.get("/metrics").body())
                .contains(
                        "caravan_door_refused_total{reason=\"malformed\"} 1.0",
                        "caravan_door_refused_total{reason=\"slow_headers\"} 1.0",
                        "caravan_door_refused_total{reason=\"overloaded\"} 0.0",
                        "caravan_door_failures_total 0.0",
                        "caravan_door_connections ",
                        "caravan_door_requests_in_flight 1.0",
                        "caravan_door_bodies_bytes ");
    }

    @Test
    @DisplayName("F1 a preflight needs no key; what follows does, and the page can read the refusal")
    void cors() {
        var preflight = broker.send(HttpRequest.newBuilder(URI.create(broker.url() + "/v1/chat/completions"))
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .header("Origin", PAGE)
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "authorization"));
        assertThat(preflight.statusCode()).isEqualTo(204);
        assertThat(preflight.headers().firstValue("access-control-allow-origin"))
                .hasValue(PAGE);
        var answer = broker.send(
                broker.request("/v1/models", "wrong").header("Origin", PAGE).GET());
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("access-control-allow-origin")).hasValue(PAGE);
    }

    @Test
    @DisplayName("F1 OPTIONS tells what a path is for; elsewhere it is 404")
    void options() {
        var options = HttpRequest.BodyPublishers.noBody();
        var answer = broker.send(
                broker.request("/admin/providers", RunningBroker.CLIENT_KEY).method("OPTIONS", options));
        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.headers().firstValue("allow")).hasValue("GET, HEAD, OPTIONS, POST");
        assertThat(broker.send(broker.request("/nothing", "").method("OPTIONS", options))
                        .statusCode())
                .isEqualTo(404);
    }

    private String sent(String bytes) throws IOException {
        try (var socket = new Socket("127.0.0.1", URI.create(broker.url()).getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
