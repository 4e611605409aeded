package dev.caravan.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.door.RawClient.Response;
import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class DoorOverloadTest {

    private final CountDownLatch goOn = new CountDownLatch(1);

    @Test
    @DisplayName("C10 more requests in flight than allowed are 503 with Retry-After, and their connection serves on")
    void inFlight() throws IOException {
        try (Door door = Doors.open(Doors.limits(Map.of("inFlight", 2)), this::held);
                RawClient first = RawClient.to(door);
                RawClient second = RawClient.to(door);
                RawClient third = RawClient.to(door)) {
            first.get("/held");
            second.get("/held");
            await().until(() -> door.inFlight() == 2);

            assertUnavailable(third.post("/held", "body").receive(), "overloaded");
            assertThat(third.get("/spared").receive().body()).isEqualTo("GET /spared {} ");
            assertThat(third.send("HEAD /held HTTP/1.1\r\nHost: door\r\n\r\n")
                            .receiveHead()
                            .status())
                    .isEqualTo(503);
            Response last = third.send("GET /held HTTP/1.1\r\nHost: door\r\nConnection: close\r\n\r\n")
                    .receive();
            assertThat(last.header("connection")).isEqualTo("close");
            assertThat(third.isClosedByPeer()).isTrue();
            assertThat(door.refused(RefusalReason.OVERLOADED)).isEqualTo(3);

            goOn.countDown();
            assertThat(first.receive().status()).isEqualTo(200);
            assertThat(second.receive().status()).isEqualTo(200);
            assertThat(second.get("/").receive().status()).isEqualTo(200);
            await().until(() -> door.inFlight() == 0 && door.bodyBytes() == 0);
        }
    }

    @Test
    @DisplayName("C10 more memory for bodies than allowed is 503, and all of it comes back")
    void bodies() throws IOException {
        try (Door door = Doors.open(Doors.limits(Map.of("inFlightBytes", 300_000)), this::held);
                RawClient first = RawClient.to(door);
                RawClient half = RawClient.to(door);
                RawClient second = RawClient.to(door);
                RawClient chunked = RawClient.to(door)) {
            first.post("/held", "x".repeat(100_000));
            half.send("POST / HTTP/1.1\r\nHost: door\r\nContent-Length: 150000\r\n\r\n" + "x".repeat(140_000));
            await().untilAsserted(() -> assertThat(door.bodyBytes()).isEqualTo(250_000));

            assertUnavailable(second.post("/", "x".repeat(100_000)).receive(), "overloaded");
            assertThat(second.isClosedByPeer()).isTrue();
            chunked.send("POST / HTTP/1.1\r\nHost: door\r\nTransfer-Encoding: chunked\r\n\r\n186a0\r\n"
                    + "x".repeat(100_000));
            assertUnavailable(chunked.receive(), "overloaded");

            half.close();
            goOn.countDown();
            assertThat(first.receive().status()).isEqualTo(200);
            assertThat(first.get("/").receive().status()).isEqualTo(200);
            await().until(() -> door.bodyBytes() == 0);
        }
    }

    @Test
    @DisplayName("C10 connections beyond the limit are told so; far beyond it they are closed at once")
    void connections() throws IOException {
        List<RawClient> clients = new ArrayList<>();
        try (Door door = Doors.open(Doors.limits(Map.of("connections", 4)), Doors::echo)) {
            for (int i = 0; i < 4 + 16; i++) {
                clients.add(RawClient.to(door));
            }
            await().until(() -> door.connections() == 20);
            try (RawClient beyond = RawClient.to(door)) {
                assertThat(isRefused(beyond)).isTrue();
            }
            RawClient told = clients.get(4);
            assertUnavailable(told.get("/").receive(), "too_many_connections");
            assertThat(told.isClosedByPeer()).isTrue();
            assertThat(clients.get(0).get("/").receive().status()).isEqualTo(200);
            assertThat(door.refused(RefusalReason.TOO_MANY_CONNECTIONS)).isEqualTo(2);
            for (RawClient client : clients) {
                client.close();
            }
            await().until(() -> door.connections() == 0);
            try (RawClient again = RawClient.to(door)) {
                assertThat(again.get("/").receive().status()).isEqualTo(200);
            }
        }
    }

    @Test
    @DisplayName("C10 what was sent ahead and is dropped with its connection gives its memory back")
    void dropped() throws IOException {
        try (Door door = Doors.open(this::held)) {
            try (RawClient client = RawClient.to(door)) {
                client.get("/held");
                for (int i = 0; i < 10; i++) {
                    client.post("/", "x".repeat(1000));
                }
                await().until(() -> door.bodyBytes() == 10_000);
            }
            await().until(() -> door.bodyBytes() == 0);
            goOn.countDown();
            await().until(() -> door.inFlight() == 0);
        }
    }

    private void held(DoorRequest request, DoorReply reply) {
        try {
            if (request.path().equals("/held")) {
                assertThat(goOn.await(10, TimeUnit.SECONDS)).isTrue();
            }
            Doors.echo(request, reply);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isRefused(RawClient client) throws IOException {
        try {
            return client.isClosedByPeer();
        } catch (SocketException reset) {
            return true;
        }
    }

    private static void assertUnavailable(Response refusal, String cause) {
        assertThat(refusal.status()).isEqualTo(503);
        assertThat(refusal.header("retry-after")).isEqualTo("1");
        assertThat(refusal.body()).contains("service_unavailable", cause, refusal.header("x-request-id"));
    }
}
