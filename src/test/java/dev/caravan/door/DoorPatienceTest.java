package dev.caravan.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.chat.Cancellation;
import dev.caravan.door.RawClient.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class DoorPatienceTest {

    private static final String HEAD = "POST / HTTP/1.1\r\nHost: door\r\nX-Request-Id: mine\r\nContent-Length: ";

    @Test
    @DisplayName("C10 headers that do not come in time are 408, also if they drip and behind an answered request")
    void slowHeaders() throws IOException {
        try (Door door = Doors.open(Doors.limits(Map.of("headerTime", 300)), Doors::echo);
                RawClient client = RawClient.to(door)) {
            assertThat(client.get("/").receive().status()).isEqualTo(200);
            long start = System.nanoTime();
            client.send("GET / HTTP/1.1\r\nHost: door\r\nX-Fill: ");
            assertRefused(dripping(client, "x"), "slow_headers");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(millis(250), millis(3000));
            assertThat(door.refused(RefusalReason.SLOW_HEADERS)).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("C10 a body that does not come in time is 408, with the request's own id")
    void slowBody() throws IOException {
        try (Door door = Doors.open(Doors.limits(Map.of("bodyTime", 300, "bodyRate", 1_000_000)), Doors::echo);
                RawClient client = RawClient.to(door)) {
            Response refusal = dripping(client.send(HEAD + "1000000\r\n\r\n"), "x");
            assertRefused(refusal, "slow_body");
            assertThat(refusal.header("x-request-id")).isEqualTo("mine");
            assertThat(door.refused(RefusalReason.SLOW_BODY)).isEqualTo(1);
            await().until(() -> door.bodyBytes() == 0);
        }
    }

    @Test
    @DisplayName("C10 also a chunked body, and one that was told to continue")
    void otherSlowBodies() throws IOException {
        try (Door door = Doors.open(Doors.limits(Map.of("bodyTime", 300)), Doors::echo);
                RawClient chunked = RawClient.to(door);
                RawClient continued = RawClient.to(door)) {
            chunked.send("POST / HTTP/1.1\r\nHost: door\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab");
            continued.send(HEAD + "4\r\nExpect: 100-continue\r\n\r\n");
            assertThat(continued.receive().status()).isEqualTo(100);
            assertRefused(chunked.receive(), "slow_body");
            assertRefused(continued.receive(), "slow_body");
        }
    }

    @Test
    @DisplayName("F1 a large body that keeps coming has the time it needs")
    void steadyBody() throws IOException {
        try (Door door = Doors.open(
                        Doors.limits(Map.of("bodyTime", 200, "bodyRate", 1000)),
                        (request, reply) -> Doors.answer(reply, "" + request.body().length));
                RawClient client = RawClient.to(door)) {
            client.send(HEAD + "2000\r\n\r\n");
            long start = System.nanoTime();
            client.send("x".repeat(1900));
            await().pollInterval(millis(50)).until(() -> System.nanoTime() - start > 900_000_000L);
            assertThat(client.send("x".repeat(100)).receive().body()).isEqualTo("2000");
        }
    }

    @Test
    @DisplayName("F1 an idle connection is closed without a word, whether it was used or not")
    void idle() throws IOException {
        try (Door door = Doors.open(Doors.limits(Map.of("idleTime", 300)), Doors::echo);
                RawClient fresh = RawClient.to(door);
                RawClient used = RawClient.to(door)) {
            assertThat(used.get("/").receive().status()).isEqualTo(200);
            assertThat(fresh.isClosedByPeer()).isTrue();
            assertThat(used.isClosedByPeer()).isTrue();
            await().until(() -> door.connections() == 0);
        }
    }

    @Test
    @DisplayName("F1 whoever waits for an answer is not idle, nor slow with the next request")
    void busy() throws IOException {
        try (Door door = Doors.open(
                        Doors.limits(Map.of("idleTime", 200, "headerTime", 200, "bodyTime", 200)), (request, reply) -> {
                            if (request.path().equals("/slow")) {
                                reply.cancellation().pause(Duration.ofMillis(900));
                            }
                            Doors.echo(request, reply);
                        });
                RawClient client = RawClient.to(door)) {
            client.get("/slow").send("GET /next HT");
            assertThat(client.receive().body()).isEqualTo("GET /slow {} ");
            assertThat(client.send("TP/1.1\r\nHost: door\r\n\r\n").receive().body())
                    .isEqualTo("GET /next {} ");
        }
    }

    @Test
    @DisplayName("F1 a client that reads nothing of its answer is let go of, and its request cancelled")
    void stalledReader() throws Exception {
        CompletableFuture<Cancellation.Reason> reason = new CompletableFuture<>();
        String text = "x".repeat(16 * 1024);
        try (Door door = Doors.open(Doors.limits(Map.of("stallTime", 400)), (request, reply) -> {
                    reply.begin(200, Map.of());
                    while (Doors.write(reply, text)) {}
                    reason.complete(reply.cancellation().reason());
                });
                RawClient client = RawClient.slow(door)) {
            client.get("/");
            assertThat(reason.get(10, TimeUnit.SECONDS)).isEqualTo(Cancellation.Reason.CLIENT_GONE);
            assertThat(door.refused(RefusalReason.SLOW_READER)).isEqualTo(1);
            await().until(() -> door.connections() == 0 && door.inFlight() == 0);
        }
    }

    @Test
    @DisplayName("F1 also one that reads nothing of a whole answer, though nobody waits for it any more")
    void stalledWhole() throws IOException {
        byte[] much = new byte[20 * 1024 * 1024];
        try (Door door = Doors.open(
                        Doors.limits(Map.of("stallTime", 400)), (request, reply) -> reply.send(200, Map.of(), much));
                RawClient client = RawClient.slow(door)) {
            client.get("/");
            await().until(() -> door.refused(RefusalReason.SLOW_READER) == 1);
            await().until(() -> door.connections() == 0);
        }
    }

    private static Response dripping(RawClient client, String drop) throws IOException {
        Thread drips = Thread.startVirtualThread(() -> {
            try {
                while (true) {
                    client.send(drop);
                    Thread.sleep(20);
                }
            } catch (IOException | InterruptedException e) {
                // The door has had enough.
            }
        });
        try {
            return client.receive();
        } finally {
            client.socket.shutdownOutput();
            drips.interrupt();
        }
    }

    private static void assertRefused(Response refusal, String cause) {
        assertThat(refusal.status()).isEqualTo(408);
        assertThat(refusal.header("connection")).isEqualTo("close");
        assertThat(refusal.body()).contains("timeout", cause, refusal.header("x-request-id"));
    }

    private static Duration millis(int millis) {
        return Duration.ofMillis(millis);
    }
}
