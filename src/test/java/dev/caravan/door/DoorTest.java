package dev.caravan.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.door.RawClient.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class DoorTest {

    @Test
    @DisplayName("F1 a request reaches the handler whole, and the reply the client")
    void wholeRequest() throws Exception {
        BlockingQueue<DoorRequest> seen = new ArrayBlockingQueue<>(1);
        try (HttpClient http = HttpClient.newHttpClient();
                Door door = Doors.open((request, reply) -> {
                    seen.add(request);
                    Doors.answer(reply, Thread.currentThread().isVirtual() + "");
                })) {
            URI target = URI.create("http://127.0.0.1:" + door.port() + "/v1/m%C3%B6del/a%2Fb?q=1+2&q=%26;3&empty");
            var response = http.send(
                    HttpRequest.newBuilder(target)
                            .header("X-One", "first")
                            .header("X-One", "second")
                            .POST(HttpRequest.BodyPublishers.ofString("hällo"))
                            .build(),
                    BodyHandlers.ofString());

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("true");
            assertThat(response.headers().firstValue("content-type")).hasValue("text/plain");
            DoorRequest request = seen.take();
            assertThat(request.method()).isEqualTo("POST");
            assertThat(request.path()).isEqualTo("/v1/mödel/a/b");
            assertThat(request.queryParameters()).isEqualTo(Map.of("q", List.of("1 2", "&;3"), "empty", List.of("")));
            assertThat(request.header("x-ONE")).isEqualTo("first");
            assertThat(request.header("absent")).isNull();
            assertThat(request.headers()).contains(Map.entry("X-One", "first"), Map.entry("X-One", "second"));
            assertThat(request.body()).isEqualTo(Doors.bytes("hällo"));
            assertThat(request.remoteAddress()).isEqualTo("127.0.0.1");
        }
    }

    @Test
    @DisplayName("F1 one connection serves many requests until the client says close")
    void keepAlive() throws IOException {
        try (Door door = Doors.open(Doors::echo);
                RawClient client = RawClient.to(door)) {
            assertThat(client.get("/a").receive().body()).isEqualTo("GET /a {} ");
            assertThat(client.post("/b", "body").receive().body()).isEqualTo("POST /b {} body");
            Response last = client.send("GET /c HTTP/1.1\r\nHost: door\r\nConnection: close\r\n\r\n")
                    .receive();
            assertThat(last.header("connection")).isEqualTo("close");
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @Test
    @DisplayName("F1 HTTP/1.0: closed after one reply, kept alive if asked")
    void oldHttp() throws IOException {
        try (Door door = Doors.open(Doors::echo);
                RawClient client = RawClient.to(door)) {
            Response kept = client.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                    .receive();
            assertThat(kept.header("connection")).isEqualTo("keep-alive");
            assertThat(client.send("GET /b HTTP/1.0\r\n\r\n").receive().body()).isEqualTo("GET /b {} ");
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @Test
    @DisplayName("F1 a HEAD is answered with GET's headers and no body, sent whole or begun")
    void head() throws IOException {
        try (Door door = Doors.open((request, reply) -> {
                    if (request.path().equals("/whole")) {
                        Doors.answer(reply, "12345");
                    } else {
                        reply.begin(200, Map.of());
                        Doors.write(reply, "12345");
                        reply.end();
                    }
                });
                RawClient client = RawClient.to(door)) {
            Response whole =
                    client.send("HEAD /whole HTTP/1.1\r\nHost: door\r\n\r\n").receiveHead();
            assertThat(whole.header("content-length")).isEqualTo("5");
            Response begun =
                    client.send("HEAD /begun HTTP/1.1\r\nHost: door\r\n\r\n").receiveHead();
            assertThat(begun.status()).isEqualTo(200);
            assertThat(client.get("/whole").receive().body()).isEqualTo("12345");
        }
    }

    @Test
    @DisplayName("F1 a client that sends thousands of tiny requests ahead is cut off, whatever fits into one read")
    void floodAhead() throws IOException {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        try (Door door = Doors.open((request, reply) -> {
                    asked.countDown();
                    await(gone);
                });
                RawClient client = RawClient.to(door)) {
            try {
                // from one who has sent much, the door reads much at a time
                client.post("/", "x".repeat(1_000_000));
                await(asked);
                client.send("GET / HTTP/1.1\r\nHost:x\r\n\r\n".repeat(5000));
                assertThatThrownBy(client::receive)
                        .isInstanceOf(IOException.class)
                        .isNotInstanceOf(SocketTimeoutException.class);
            } catch (SocketException e) {
                assertThat(e).hasMessageContaining("reset"); // while it was still sending
            } finally {
                gone.countDown();
            }
        }
    }

    @Test
    @DisplayName("F1 requests sent ahead are answered in their order, one at a time")
    void pipelining() throws IOException {
        CountDownLatch allSent = new CountDownLatch(1);
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (Door door = Doors.open((request, reply) -> {
                    most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                    await(allSent);
                    atOnce.decrementAndGet();
                    Doors.echo(request, reply);
                });
                RawClient client = RawClient.to(door)) {
            StringBuilder ahead = new StringBuilder();
            for (int i = 0; i < 500; i++) {
                ahead.append("GET /").append(i).append(" HTTP/1.1\r\nHost: door\r\n\r\n");
            }
            client.send(ahead.toString());
            allSent.countDown();
            for (int i = 0; i < 500; i++) {
                assertThat(client.receive().body()).isEqualTo("GET /" + i + " {} ");
            }
            assertThat(most).hasValue(1);
        }
    }

    @Test
    @DisplayName("F1 large requests sent ahead wait in the network, not in memory")
    void boundedReading() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        String body = "x".repeat(200_000);
        int many = 100;
        try (Door door = Doors.open((request, reply) -> {
                    await(goOn);
                    Doors.answer(reply, "" + request.body().length);
                });
                RawClient client = RawClient.to(door)) {
            CountDownLatch sent = new CountDownLatch(1);
            Thread sender = Thread.startVirtualThread(() -> {
                try {
                    for (int i = 0; i < many; i++) {
                        client.post("/", body);
                    }
                    sent.countDown();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            assertThat(sent.await(1, TimeUnit.SECONDS))
                    .as("20 MB were swallowed")
                    .isFalse();
            goOn.countDown();
            for (int i = 0; i < many; i++) {
                assertThat(client.receive().body()).isEqualTo("200000");
            }
            sender.join();
        }
    }

    @Test
    @DisplayName("F1 a client that awaits 100-continue gets it, also behind another request and before a HEAD")
    void continues() throws IOException {
        CountDownLatch first = new CountDownLatch(1);
        try (Door door = Doors.open((request, reply) -> {
                    if (request.path().equals("/first")) {
                        await(first);
                    }
                    Doors.echo(request, reply);
                });
                RawClient client = RawClient.to(door)) {
            client.get("/first")
                    .send("POST /b HTTP/1.1\r\nHost: door\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
            first.countDown();
            assertThat(client.receive().body()).isEqualTo("GET /first {} ");
            assertThat(client.receive().status()).isEqualTo(100);
            client.send("bodyHEAD /c HTTP/1.1\r\nHost: door\r\n\r\n");
            assertThat(client.receive().body()).isEqualTo("POST /b {} body");
            assertThat(client.receiveHead().header("content-length")).isEqualTo("11");
        }
    }

    @Test
    @DisplayName("F1 a whole URL and a chunked body are understood")
    void otherForms() throws IOException {
        try (Door door = Doors.open(Doors::echo);
                RawClient client = RawClient.to(door)) {
            client.send("POST http://door/a?b=c HTTP/1.1\r\nHost: door\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "3\r\nabc\r\n5\r\ndefgh\r\n0\r\n\r\n");
            assertThat(client.receive().body()).isEqualTo("POST /a {b=[c]} abcdefgh");
        }
    }

    @Test
    @DisplayName("F1 a door that cannot listen says where")
    void portTaken() {
        try (Door door = Doors.open(Doors::echo)) {
            DoorOptions taken = DoorOptions.loopback(door.port());
            assertThatExceptionOfType(UncheckedIOException.class)
                    .isThrownBy(() -> Door.open(taken, Doors::echo, Doors.REFUSALS))
                    .withMessageContaining("127.0.0.1:" + door.port())
                    .withMessageContaining("in use");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
