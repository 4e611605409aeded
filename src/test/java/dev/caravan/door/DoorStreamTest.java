package dev.caravan.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.caravan.chat.Cancellation;
import dev.caravan.chat.Cancellation.Reason;
import dev.caravan.door.RawClient.Response;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class DoorStreamTest {

    private static final Map<String, String> EVENTS = Map.of("content-type", "text/event-stream");

    @Test
    @DisplayName("B2 each of 200 chunks arrives before the next is written, the headers before the first")
    void chunkByChunk() throws IOException {
        Semaphore next = new Semaphore(0);
        try (Door door = Doors.open((request, reply) -> {
                    reply.begin(200, EVENTS);
                    for (int i = 0; i < 200; i++) {
                        next.acquireUninterruptibly();
                        Doors.write(reply, "data: " + i + "\n\n");
                    }
                    next.acquireUninterruptibly();
                    reply.end();
                });
                RawClient client = RawClient.to(door)) {
            Response head = client.get("/").receiveHead();
            assertThat(head.header("transfer-encoding")).isEqualTo("chunked");
            assertThat(head.header("content-type")).isEqualTo("text/event-stream");
            assertThat(head.header("x-request-id")).startsWith("req_");
            for (int i = 0; i < 200; i++) {
                next.release();
                assertThat(client.chunk()).isEqualTo("data: " + i + "\n\n");
            }
            next.release();
            assertThat(client.chunk()).isEmpty();
        }
    }

    @Test
    @DisplayName("B2 the connection serves on after a stream")
    void afterAStream() throws IOException {
        try (Door door = Doors.open((request, reply) -> {
                    reply.begin(200, EVENTS);
                    Doors.write(reply, request.path());
                    reply.end();
                });
                RawClient client = RawClient.to(door)) {
            assertThat(client.get("/a").get("/b").receive().body()).isEqualTo("/a");
            assertThat(client.receive().body()).isEqualTo("/b");
        }
    }

    @Test
    @DisplayName("B2 HTTP/1.0 gets a stream until the connection closes")
    void oldHttp() throws IOException {
        try (Door door = Doors.open((request, reply) -> {
                    reply.begin(200, EVENTS);
                    Doors.write(reply, "one ");
                    Doors.write(reply, "two");
                    reply.end();
                });
                RawClient client = RawClient.to(door)) {
            Response response = client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                    .receive();
            assertThat(response.headers()).doesNotContainKey("transfer-encoding");
            assertThat(response.body()).isEqualTo("one two");
        }
    }

    @Test
    @DisplayName("B2 an aborted stream ends without its last chunk, whether the handler aborts, throws or returns")
    void broken() throws IOException {
        try (Door door = Doors.open((request, reply) -> {
            reply.begin(200, EVENTS);
            Doors.write(reply, "some");
            switch (request.path()) {
                case "/aborts" -> reply.abort();
                case "/throws" -> throw new IllegalStateException("a test's bug");
                default -> {}
            }
        })) {
            for (String path : new String[] {"/aborts", "/throws", "/returns"}) {
                try (RawClient client = RawClient.to(door)) {
                    client.get(path).receiveHead();
                    assertThat(client.chunk()).isEqualTo("some");
                    assertThatExceptionOfType(EOFException.class).isThrownBy(client::chunk);
                }
                try (RawClient client = RawClient.to(door)) {
                    client.send("GET " + path + " HTTP/1.0\r\n\r\n");
                    assertThatExceptionOfType(IOException.class).isThrownBy(client::receive);
                }
            }
        }
    }

    @Test
    @DisplayName("B2 a client that goes away is noticed within 100 ms while the handler blocks")
    void goneWhileBlocked() throws Exception {
        assertNoticed("GET /silent HTTP/1.1\r\nHost: door\r\n\r\n", client -> client.socket.close());
    }

    @Test
    @DisplayName("B2 also one that had sent a further request")
    void goneWithMoreSent() throws Exception {
        String request = "GET /silent HTTP/1.1\r\nHost: door\r\n\r\n";
        assertNoticed(request + request, client -> client.socket.close());
    }

    @Test
    @DisplayName("B2 also one that resets the connection")
    void goneByReset() throws Exception {
        assertNoticed("GET /silent HTTP/1.1\r\nHost: door\r\n\r\n", client -> {
            client.socket.setSoLinger(true, 0);
            client.socket.close();
        });
    }

    @Test
    @DisplayName("B2 one that ends its half of the connection is gone too")
    void halfClosed() throws Exception {
        assertNoticed("GET /silent HTTP/1.1\r\nHost: door\r\n\r\n", client -> client.socket.shutdownOutput());
    }

    private interface Departure {
        void from(RawClient client) throws IOException;
    }

    private static void assertNoticed(String requests, Departure departure) throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        CompletableFuture<Long> noticed = new CompletableFuture<>();
        CompletableFuture<Cancellation> after = new CompletableFuture<>();
        try (Door door = Doors.open((request, reply) -> {
                    calls.incrementAndGet();
                    reply.cancellation().onCancel(() -> noticed.complete(System.nanoTime()));
                    blocked.countDown();
                    reply.cancellation().pause(Duration.ofSeconds(10));
                    assertThat(reply.begin(200, EVENTS)).isFalse();
                    assertThat(Doors.write(reply, "nobody reads this")).isFalse();
                    reply.end();
                    after.complete(reply.cancellation());
                });
                RawClient client = RawClient.to(door)) {
            client.send(requests);
            assertThat(blocked.await(5, TimeUnit.SECONDS)).isTrue();
            long left = System.nanoTime();
            departure.from(client);
            long took = noticed.get(5, TimeUnit.SECONDS) - left;
            assertThat(Duration.ofNanos(took)).isLessThan(Duration.ofMillis(100));
            assertThat(after.get(5, TimeUnit.SECONDS).reason()).isEqualTo(Reason.CLIENT_GONE);
            await().until(() -> door.inFlight() == 0);
            assertThat(calls).hasValue(1);
        }
    }

    @Test
    @DisplayName("B2 the writer to a slow reader waits, with little in memory, and goes on when that reads")
    void slowReader() throws Exception {
        long total = 64L * 1024 * 1024;
        byte[] piece = new byte[16 * 1024];
        AtomicLong written = new AtomicLong();
        try (Door door = Doors.open((request, reply) -> {
                    reply.begin(200, EVENTS);
                    while (written.get() < total && reply.write(piece, 0, piece.length)) {
                        written.addAndGet(piece.length);
                    }
                    reply.end();
                });
                RawClient client = RawClient.slow(door)) {
            client.get("/");
            long stuckAt = stuck(written);
            assertThat(stuckAt).as("what the kernel and the door buffer").isLessThan(total / 4);
            assertThat(client.receive().body()).hasSize((int) total);
        }
    }

    @Test
    @DisplayName("B2 a writer that waits for a slow reader is let go when that leaves")
    void slowReaderGone() throws Exception {
        AtomicLong written = new AtomicLong();
        CompletableFuture<Long> letGo = new CompletableFuture<>();
        try (Door door = Doors.open((request, reply) -> {
                    byte[] piece = new byte[16 * 1024];
                    reply.begin(200, EVENTS);
                    while (reply.write(piece, 0, piece.length)) {
                        written.addAndGet(piece.length);
                    }
                    letGo.complete(System.nanoTime());
                });
                RawClient client = RawClient.slow(door)) {
            client.get("/");
            assertThat(stuck(written)).isPositive();
            long left = System.nanoTime();
            client.close();
            assertThat(Duration.ofNanos(letGo.get(5, TimeUnit.SECONDS) - left)).isLessThan(Duration.ofMillis(100));
        }
    }

    @Test
    @DisplayName("B2 also when its time is up, though the client is still there")
    void slowReaderPastDeadline() throws Exception {
        AtomicLong written = new AtomicLong();
        CompletableFuture<Cancellation> begun = new CompletableFuture<>();
        try (Door door = Doors.open((request, reply) -> {
                    byte[] piece = new byte[16 * 1024];
                    reply.begin(200, EVENTS);
                    begun.complete(reply.cancellation());
                    while (reply.write(piece, 0, piece.length)) {
                        written.addAndGet(piece.length);
                    }
                });
                RawClient client = RawClient.slow(door)) {
            client.get("/");
            assertThat(stuck(written)).isPositive();
            begun.get(5, TimeUnit.SECONDS).cancel(Reason.DEADLINE);
            await().until(() -> door.inFlight() == 0 && door.connections() == 0);
        }
    }

    /** Where the count stands once it has not moved for 300 ms. */
    private static long stuck(AtomicLong written) {
        AtomicLong last = new AtomicLong(-1);
        await().during(Duration.ofMillis(300)).until(() -> {
            long now = written.get();
            return last.getAndSet(now) == now && now > 0;
        });
        return written.get();
    }

    @Test
    @DisplayName("B2 a reply can be begun once only, and written to only between begin and end")
    void order() throws Exception {
        CompletableFuture<Throwable> wrong = new CompletableFuture<>();
        try (Door door = Doors.open((request, reply) -> {
                    assertThatExceptionOfType(IllegalStateException.class)
                            .isThrownBy(() -> Doors.write(reply, "too early"));
                    reply.begin(200, EVENTS);
                    assertThatExceptionOfType(IllegalStateException.class)
                            .isThrownBy(() -> Doors.answer(reply, "twice"));
                    reply.end();
                    assertThatExceptionOfType(IllegalStateException.class)
                            .isThrownBy(() -> Doors.write(reply, "too late"));
                    reply.abort();
                    wrong.complete(new AssertionError("none"));
                });
                RawClient client = RawClient.to(door)) {
            assertThat(client.get("/").receive().body()).isEmpty();
            assertThat(wrong.get(5, TimeUnit.SECONDS)).hasMessage("none");
            assertThat(client.get("/").receive().status()).isEqualTo(200);
        }
    }
}
