package dev.caravan.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.caravan.chat.Cancellation.Reason;
import dev.caravan.door.RawClient.Response;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class DoorDrainTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    @Test
    @DisplayName("A2 a drain waits for what is in flight, sends the idle away and lets nobody in")
    void waits() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try (Door door = Doors.open((request, reply) -> {
                    if (request.path().equals("/slow")) {
                        pass(goOn);
                    }
                    Doors.answer(reply, "done");
                });
                RawClient idle = RawClient.to(door);
                RawClient busy = RawClient.to(door);
                RawClient late = RawClient.to(door)) {
            assertThat(idle.get("/").receive().body()).isEqualTo("done");
            late.send("POST /late HTTP/1.1\r\nHost: door\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
            assertThat(late.receive().status()).isEqualTo(100);
            busy.get("/slow");
            await().until(() -> door.inFlight() == 1);

            CompletableFuture<Void> drained = CompletableFuture.runAsync(() -> door.drain(LONG));

            assertThat(idle.isClosedByPeer()).isTrue();
            Response refusal = late.send("body").receive();
            assertThat(refusal.status()).isEqualTo(503);
            assertThat(refusal.body()).contains("service_unavailable", "draining", refusal.header("x-request-id"));
            assertThat(late.isClosedByPeer()).isTrue();
            assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> RawClient.to(door));
            assertThat(drained).isNotDone();

            goOn.countDown();
            Response answer = busy.receive();
            assertThat(answer.body()).isEqualTo("done");
            assertThat(answer.header("connection")).isEqualTo("close");
            drained.get(2, TimeUnit.SECONDS);
            assertThat(door.inFlight()).isZero();
        }
    }

    @Test
    @DisplayName("A2 a stream in flight is finished; a request sent behind it is refused")
    void streams() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try (Door door = Doors.open((request, reply) -> {
                    reply.begin(200, Map.of());
                    pass(goOn);
                    Doors.write(reply, "all of it");
                    reply.end();
                });
                RawClient client = RawClient.to(door)) {
            client.get("/stream").receiveHead();
            CompletableFuture<Void> drained = CompletableFuture.runAsync(() -> door.drain(LONG));
            await().untilAsserted(() -> assertThatExceptionOfType(ConnectException.class)
                    .isThrownBy(() -> RawClient.to(door).close()));
            client.get("/behind");
            assertThat(drained).isNotDone();
            goOn.countDown();
            assertThat(client.chunk()).isEqualTo("all of it");
            assertThat(client.chunk()).isEmpty();
            assertThat(client.receive().status()).isEqualTo(503);
            drained.get(2, TimeUnit.SECONDS);
        }
    }

    @Test
    @DisplayName("A2 when a drain's time is up, the rest is cancelled, may say so, and is closed")
    void cancels() throws Exception {
        try (Door door = Doors.open((request, reply) -> {
                    reply.cancellation().pause(LONG);
                    if (request.path().equals("/polite")) {
                        Doors.answer(reply, reply.cancellation().reason() + "");
                    }
                });
                RawClient polite = RawClient.to(door);
                RawClient mute = RawClient.to(door)) {
            polite.get("/polite");
            mute.get("/mute");
            await().until(() -> door.inFlight() == 2);
            long start = System.nanoTime();
            door.drain(Duration.ofMillis(200));
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(200), Duration.ofSeconds(5));
            assertThat(polite.receive().body()).isEqualTo(Reason.DRAINING.name());
            assertThat(mute.receive().status()).isEqualTo(503);
            assertThat(door.inFlight()).isZero();
        }
    }

    @Test
    @DisplayName("A2 a handler that ignores its cancellation holds a drain up for a second only")
    void stubborn() throws IOException {
        CountDownLatch goOn = new CountDownLatch(1);
        try (Door door = Doors.open((request, reply) -> {
                    pass(goOn);
                    Doors.answer(reply, "too late");
                });
                RawClient client = RawClient.to(door)) {
            client.get("/");
            await().until(() -> door.inFlight() == 1);
            long start = System.nanoTime();
            door.drain(Duration.ZERO);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
            assertThat(client.isClosedByPeer()).isTrue();
            door.close();
            goOn.countDown();
            await().until(() -> door.inFlight() == 0);
        }
    }

    @Test
    @DisplayName("A2 closing cancels what is in flight at once, and can be repeated")
    void closes() throws Exception {
        CompletableFuture<Reason> reason = new CompletableFuture<>();
        CountDownLatch closed = new CountDownLatch(1);
        try (Door door = Doors.open((request, reply) -> {
                    reply.cancellation().pause(LONG);
                    reason.complete(reply.cancellation().reason());
                    pass(closed);
                    Doors.answer(reply, "nobody hears this");
                });
                RawClient client = RawClient.to(door)) {
            client.get("/");
            await().until(() -> door.inFlight() == 1);
            door.close();
            assertThat(reason.get(2, TimeUnit.SECONDS)).isEqualTo(Reason.DRAINING);
            assertThat(client.isClosedByPeer()).isTrue();
            closed.countDown();
            await().until(() -> door.inFlight() == 0);
        }
    }

    private static void pass(CountDownLatch latch) {
        try {
            assertThat(latch.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
