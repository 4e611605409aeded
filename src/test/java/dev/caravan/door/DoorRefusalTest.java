package dev.caravan.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.door.RawClient.Response;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NoLeaks.class)
class DoorRefusalTest {

    private static final String FRESH_ID = "req_[0-9a-z]{24}";

    @Test
    @DisplayName("C10 every response carries an x-request-id, each its own")
    void freshIds() throws IOException {
        try (Door door = Doors.open((request, reply) -> Doors.answer(reply, request.requestId()));
                RawClient client = RawClient.to(door)) {
            Set<String> ids = new HashSet<>();
            for (int i = 0; i < 100; i++) {
                Response response = client.get("/").receive();
                assertThat(response.header("x-request-id")).matches(FRESH_ID).isEqualTo(response.body());
                ids.add(response.body());
            }
            assertThat(ids).hasSize(100);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "Az09._:-", "0123456789"})
    @DisplayName("C10 a sane x-request-id of the client's own is kept")
    void ownId(String id) throws IOException {
        assertThat(idFor(id)).isEqualTo(id);
        assertThat(idFor("x".repeat(128))).hasSize(128);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "<script>", "a/b", "ä"})
    @DisplayName("C10 another x-request-id is replaced")
    void insaneId(String id) throws IOException {
        assertThat(idFor(id)).matches(FRESH_ID);
        assertThat(idFor("x".repeat(129))).matches(FRESH_ID);
    }

    private static String idFor(String id) throws IOException {
        try (Door door = Doors.open(Doors::echo);
                RawClient client = RawClient.to(door)) {
            return client.send("GET / HTTP/1.1\r\nHost: door\r\nX-Request-Id: " + id + "\r\n\r\n")
                    .receive()
                    .header("x-request-id");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nonsense|400|invalid_request",
                "GET /|400|invalid_request",
                "GET / HTTP/1.1|400|invalid_request",
                "GET / HTTP/2.0~Host: door|400|invalid_request",
                "GET / HTTP/1.1~Host: a~Host: b|400|invalid_request",
                "GET /%zz HTTP/1.1~Host: door|400|invalid_request",
                "GET /?a=%1 HTTP/1.1~Host: door|400|invalid_request",
                "GET / HTTP/1.1~Host: door~bad header|400|invalid_request",
                "POST / HTTP/1.1~Host: door~Content-Length: x|400|invalid_request",
                "POST / HTTP/1.1~Host: door~Content-Length: -1|400|invalid_request",
                "POST / HTTP/1.1~Host: door~Content-Length: 3~Content-Length: 4|400|invalid_request",
                "POST / HTTP/1.1~Host: door~Transfer-Encoding: gzip, chunked|400|invalid_request",
                "POST / HTTP/1.1~Host: door~Transfer-Encoding: chunked~Content-Length: 3|400|invalid_request",
                "POST / HTTP/1.1~Host: door~Transfer-Encoding: chunked~~xyz|400|invalid_request",
                "POST / HTTP/1.1~Host: door~Expect: miracles|417|invalid_request",
                "POST / HTTP/1.1~Host: door~Content-Length: 1001|413|too_large",
                "POST / HTTP/1.1~Host: door~Content-Length: 1001~Expect: 100-continue|413|too_large",
                "POST / HTTP/1.1~Host: door~Content-Length: 99999999999|413|too_large",
            })
    @DisplayName("C10 what cannot be read is refused with our body, and the connection closed")
    void malformed(String request, int status, String code) throws IOException {
        assertRefused(request.replace("~", "\r\n") + "\r\n\r\n", status, code);
    }

    @Test
    @DisplayName("C10 too long a URL is 414, too many headers 431")
    void tooLong() throws IOException {
        assertRefused("GET /" + "x".repeat(9000) + " HTTP/1.1\r\nHost: door\r\n\r\n", 414, "too_large");
        String header = "X-Filler: " + "x".repeat(1000) + "\r\n";
        assertRefused("GET / HTTP/1.1\r\nHost: door\r\n" + header.repeat(40) + "\r\n", 431, "too_large");
    }

    private static void assertRefused(String request, int status, String code) throws IOException {
        try (Door door = Doors.open(1000, Doors::echo);
                RawClient client = RawClient.to(door)) {
            Response refusal = client.send(request).receive();
            assertThat(refusal.status()).isEqualTo(status);
            assertThat(refusal.header("content-type")).isEqualTo("application/json");
            assertThat(refusal.header("connection")).isEqualTo("close");
            assertThat(refusal.header("x-request-id")).matches(FRESH_ID);
            assertThat(refusal.body()).contains("\"code\":\"" + code + "\"", refusal.header("x-request-id"));
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @Test
    @DisplayName("C10 a refusal keeps the client's request id and waits for the replies before it")
    void refusedInOrder() throws IOException {
        try (Door door = Doors.open(Doors::echo);
                RawClient client = RawClient.to(door)) {
            client.get("/a")
                    .send("POST /b HTTP/1.1\r\nHost: door\r\nX-Request-Id: mine\r\nContent-Length: 99999999\r\n\r\n");
            assertThat(client.receive().body()).isEqualTo("GET /a {} ");
            Response refusal = client.receive();
            assertThat(refusal.status()).isEqualTo(413);
            assertThat(refusal.header("x-request-id")).isEqualTo("mine");
        }
    }

    @Test
    @DisplayName("C10 a chunked body is refused where it passes the limit, and the client can read that")
    void chunkedTooLarge() throws IOException {
        try (Door door = Doors.open(1000, Doors::echo);
                RawClient client = RawClient.to(door)) {
            client.send("POST / HTTP/1.1\r\nHost: door\r\nTransfer-Encoding: chunked\r\n\r\n");
            String chunk = "1f4\r\n" + "x".repeat(500) + "\r\n";
            client.send(chunk.repeat(2000) + "0\r\n\r\n");
            assertThat(client.receive().status()).isEqualTo(413);
        }
    }

    @Test
    @DisplayName("C10 a body of exactly the limit is taken")
    void justRight() throws IOException {
        try (Door door = Doors.open(100_000, (request, reply) -> Doors.answer(reply, request.body().length + ""));
                RawClient client = RawClient.to(door)) {
            assertThat(client.post("/", "x".repeat(100_000)).receive().body()).isEqualTo("100000");
        }
    }

    @Test
    @DisplayName("C10 a handler that throws, answers nothing or answers nonsense is a 500, and the connection lives on")
    void handlersBugs() throws IOException {
        try (Door door = Doors.open((request, reply) -> {
                    switch (request.path()) {
                        case "/throws" -> throw new IllegalStateException("a test's bug");
                        case "/splits" -> reply.send(200, Map.of("x", "a\r\nset-cookie: b"), new byte[0]);
                        default -> {}
                    }
                });
                RawClient client = RawClient.to(door)) {
            for (String path : new String[] {"/throws", "/splits", "/forgets"}) {
                Response response = client.get(path).receive();
                assertThat(response.status()).isEqualTo(500);
                assertThat(response.body()).contains("internal_error", response.header("x-request-id"));
            }
            await().until(() -> door.inFlight() == 0);
        }
    }
}
