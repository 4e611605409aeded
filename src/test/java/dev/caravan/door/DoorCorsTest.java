package dev.caravan.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.caravan.door.RawClient.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NoLeaks.class)
class DoorCorsTest {

    private static final String APP = "https://app.example.com";
    private static final String PREFLIGHT = "Access-Control-Request-Method: POST\r\n"
            + "Access-Control-Request-Headers: authorization,content-type,x-stainless-os\r\n";

    @Test
    @DisplayName("F1 without a setting no page may call, and a preflight is a request like others")
    void off() throws IOException {
        try (Door door = Doors.open(Doors::echo);
                RawClient client = RawClient.to(door)) {
            Response answer = ask(client, "GET", APP, "");
            assertThat(answer.headers()).doesNotContainKeys("access-control-allow-origin", "vary");
            assertThat(ask(client, "OPTIONS", APP, PREFLIGHT).body()).isEqualTo("OPTIONS / {} ");
        }
    }

    @Test
    @DisplayName("F1 a preflight of an allowed origin is answered by the door, in its turn")
    void preflight() throws IOException {
        try (Door door = open(APP, "http://localhost:3000");
                RawClient client = RawClient.to(door)) {
            client.get("/before");
            Response answer = head(client.send(request("OPTIONS", APP, PREFLIGHT)), "GET /before {} ");
            assertThat(answer.status()).isEqualTo(204);
            assertThat(answer.header("access-control-allow-origin")).isEqualTo(APP);
            assertThat(answer.header("access-control-allow-methods")).contains("POST", "DELETE");
            assertThat(answer.header("access-control-allow-headers"))
                    .isEqualTo("authorization,content-type,x-stainless-os");
            assertThat(answer.header("access-control-max-age")).isEqualTo("60");
            assertThat(answer.header("x-request-id")).startsWith("req_");
            assertThat(answer.headers()).doesNotContainKeys("access-control-allow-credentials", "content-length");
            assertThat(ask(
                                    client,
                                    "OPTIONS",
                                    "http://localhost:3000",
                                    PREFLIGHT.lines().findFirst().orElseThrow() + "\r\n")
                            .header("access-control-allow-origin"))
                    .isEqualTo("http://localhost:3000");
        }
    }

    @Test
    @DisplayName("F1 answers, streams and refusals can be read by pages of an allowed origin, and by no others")
    void answers() throws IOException {
        try (Door door = open(APP);
                RawClient client = RawClient.to(door)) {
            for (String path : List.of("/", "/stream")) {
                Response answer = client.send("GET " + path + " HTTP/1.1\r\nHost: door\r\nOrigin: " + APP + "\r\n\r\n")
                        .receive();
                assertThat(answer.header("access-control-allow-origin")).isEqualTo(APP);
                assertThat(answer.header("access-control-expose-headers"))
                        .contains("x-request-id", "x-ratelimit-remaining-tokens", "x-caravan-cache", "retry-after");
                assertThat(answer.header("vary")).isEqualTo("origin");
            }
            Response other = ask(client, "GET", "https://evil.example.com", "");
            assertThat(other.headers()).doesNotContainKey("access-control-allow-origin");
            assertThat(other.header("vary")).isEqualTo("origin");
            assertThat(ask(client, "OPTIONS", "https://evil.example.com", PREFLIGHT)
                            .body())
                    .isEqualTo("OPTIONS / {} ");
            assertThat(ask(client, "GET", "null", "").headers()).doesNotContainKey("access-control-allow-origin");
            Response refusal = ask(client, "POST", APP, "Content-Length: 99999999\r\n");
            assertThat(refusal.status()).isEqualTo(413);
            assertThat(refusal.header("access-control-allow-origin")).isEqualTo(APP);
        }
    }

    @Test
    @DisplayName("F1 * lets all pages in")
    void any() throws IOException {
        try (Door door = open("*");
                RawClient client = RawClient.to(door)) {
            Response answer = ask(client, "GET", "https://anywhere.example.com", "");
            assertThat(answer.header("access-control-allow-origin")).isEqualTo("*");
            assertThat(answer.headers()).doesNotContainKey("vary");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "app.example.com",
                "https://",
                "https://app.example.com/",
                "https://App.example.com",
                "null",
                "https://*.example.com",
                "https://a@b.com",
                "https://a.com?x",
                "https://a b"
            })
    @DisplayName("F1 what is no origin is refused by a sentence")
    void noOrigin(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CorsPolicy.of(List.of(text), Duration.ofSeconds(60)))
                .withMessageStartingWith("'" + text + "' is not an origin");
    }

    private static Door open(String... origins) {
        CorsPolicy cors = CorsPolicy.of(List.of(origins), Duration.ofSeconds(60));
        return Door.open(
                new DoorOptions("127.0.0.1", 0, DoorLimits.TRUSTING, cors, null, Set.of()),
                (request, reply) -> {
                    if (request.path().equals("/stream")) {
                        reply.begin(200, Map.of());
                        reply.end();
                    } else {
                        Doors.echo(request, reply);
                    }
                },
                Doors.REFUSALS);
    }

    private static Response ask(RawClient client, String method, String origin, String more) throws IOException {
        client.send(request(method, origin, more));
        Response head = client.receiveHead();
        int length = Integer.parseInt(head.headers().getOrDefault("content-length", "0"));
        return new Response(head.status(), head.headers(), client.read(length));
    }

    private static Response head(RawClient client, String before) throws IOException {
        assertThat(client.receive().body()).isEqualTo(before);
        return client.receiveHead();
    }

    private static String request(String method, String origin, String more) {
        return method + " / HTTP/1.1\r\nHost: door\r\nOrigin: " + origin + "\r\n" + more + "\r\n";
    }
}
