package dev.caravan.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Sends a door whatever there is. It must answer sensibly or close, soon, keep nothing, and never find itself at fault.
 *
 * <p>A build sends the seeds and some mutations of them. With {@code JAZZER_FUZZ=1} in the environment, Jazzer goes on from
 * the seeds for as long as {@link FuzzTest#maxDuration} says.
 */
class DoorFuzzTest {

    private static final int MUTANTS = 3000;
    private static final int AT_ONCE = 100;
    private static final int PATIENCE_MILLIS = 10_000;
    private static final boolean FUZZING = System.getenv("JAZZER_FUZZ") != null;

    private static long buffersBefore;
    private static Door door;

    @BeforeAll
    static void open() {
        buffersBefore = NoLeaks.taken();
        door = Doors.open(
                Doors.limits(Map.of(
                        "bodyBytes", 5000, "headerTime", 60, "bodyTime", 60, "bodyRate", 1_000_000, "idleTime", 60)),
                DoorFuzzTest::answer);
    }

    @AfterAll
    static void nothingIsLeft() {
        await().until(() -> door.connections() == 0 && door.inFlight() == 0 && door.bodyBytes() == 0);
        assertThat(door.failures()).isZero();
        door.close();
        NoLeaks.awaitBack(buffersBefore);
        RecordingLeakDetector.assertNothingLost();
    }

    @DisplayName("C10 no bytes make the door fail, hang or lose a buffer")
    @MethodSource("seeds")
    @FuzzTest(maxDuration = "10m")
    void anyBytes(byte[] bytes) throws IOException {
        // A client that goes at once spares the fuzzer the wait for the door's patience to end.
        check(bytes, FUZZING, 1);
    }

    @Test
    @DisplayName("C10 nor do mutations of good and bad requests, in pieces or at once")
    void mutations() {
        List<byte[]> seeds = seeds().toList();
        try (ExecutorService clients =
                Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
            List<CompletableFuture<Void>> checks = IntStream.range(0, MUTANTS)
                    .mapToObj(i -> CompletableFuture.runAsync(
                            () -> {
                                Random random = new Random(i);
                                byte[] mutant = mutated(seeds.get(random.nextInt(seeds.size())), seeds, random);
                                assertThatCheckPasses(i, mutant, random.nextInt(4) == 0, 1 + random.nextInt(3));
                            },
                            clients))
                    .toList();
            CompletableFuture.allOf(checks.toArray(CompletableFuture[]::new))
                    .orTimeout(2, TimeUnit.MINUTES)
                    .join();
        }
    }

    static Stream<byte[]> seeds() {
        String post = "POST /a HTTP/1.1\r\nHost: door\r\n";
        return Stream.of(
                        "GET / HTTP/1.1\r\nHost: door\r\n\r\n",
                        "GET /a?b=c&d=%20 HTTP/1.1\r\nHost: door\r\nX-Request-Id: mine\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n",
                        "HEAD /stream HTTP/1.1\r\nHost: door\r\n\r\nGET /stream HTTP/1.0\r\n\r\n",
                        "OPTIONS * HTTP/1.1\r\nHost: door\r\nConnection: close\r\n\r\n",
                        "GET http://door:80/a?b HTTP/1.1\r\nHost: door\r\n\r\n",
                        post + "Content-Length: 5\r\n\r\nhello",
                        post + "Content-Length: 5\r\nExpect: 100-continue\r\n\r\nhello" + post
                                + "Content-Length: 0\r\n\r\n",
                        post + "Content-Length: 9999\r\n\r\n" + "x".repeat(9999),
                        post + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
                        post + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1;a=\"b\"\r\n!\r\n0\r\nX: y\r\n\r\n",
                        post + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
                        post + "Transfer-Encoding: chunked\r\n\r\nffffffff\r\n",
                        post + "X: a\r\n b\r\n\r\n",
                        "GET /" + "x".repeat(9000) + " HTTP/1.1\r\n\r\n",
                        "GET / HTTP/1.1\r\n" + "X: y\r\n".repeat(300) + "\r\n",
                        "GET / HTTP/2.0\r\n\r\n",
                        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                        "\u0016\u0003\u0001\u0000\u0005\u0001\u0000\u0000\u0001\u0000",
                        "\r\n\r\n\n",
                        "")
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void answer(DoorRequest request, DoorReply reply) {
        request.queryParameters();
        if (request.path().equals("/stream")) {
            reply.begin(200, Map.of());
            Doors.write(reply, "some");
            reply.end();
        } else {
            Doors.answer(reply, request.body().length + " bytes");
        }
    }

    private static void assertThatCheckPasses(int seed, byte[] bytes, boolean hasty, int pieces) {
        try {
            check(bytes, hasty, pieces);
        } catch (IOException | AssertionError e) {
            throw new AssertionError("mutant " + seed + ": " + new String(bytes, StandardCharsets.ISO_8859_1), e);
        }
    }

    private static void check(byte[] bytes, boolean hasty, int pieces) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", door.port()));
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            String all;
            try {
                for (int i = 0; i < pieces; i++) {
                    int from = bytes.length * i / pieces;
                    socket.getOutputStream().write(bytes, from, bytes.length * (i + 1) / pieces - from);
                    socket.getOutputStream().flush();
                }
                if (hasty) {
                    socket.shutdownOutput();
                }
                all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            } catch (SocketException gone) {
                all = "";
            }
            assertThat(all).matches("(?s)(HTTP/1\\.1 .*)?").doesNotContain("HTTP/1.1 500");
            assertThat(door.failures()).isZero();
        }
    }

    private static byte[] mutated(byte[] seed, List<byte[]> seeds, Random random) {
        byte[] result = seed;
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(result.length + 1);
            int to = Math.min(result.length, at + random.nextInt(8));
            byte[] other = seeds.get(random.nextInt(seeds.size()));
            int otherAt = random.nextInt(other.length + 1);
            result = switch (random.nextInt(5)) {
                case 0 -> spliced(result, at, to, new byte[0]);
                case 1 -> spliced(result, at, at, new byte[] {(byte) random.nextInt(256)});
                case 2 -> spliced(result, at, to, new byte[] {(byte) "\r\n\t ;:,0a%/?".charAt(random.nextInt(12))});
                case 3 -> spliced(result, at, result.length, Arrays.copyOfRange(other, otherAt, other.length));
                default -> spliced(result, at, at, Arrays.copyOfRange(result, at, to));
            };
        }
        return result;
    }

    private static byte[] spliced(byte[] bytes, int from, int to, byte[] put) {
        byte[] result = new byte[bytes.length - (to - from) + put.length];
        System.arraycopy(bytes, 0, result, 0, from);
        System.arraycopy(put, 0, result, from, put.length);
        System.arraycopy(bytes, to, result, from + put.length, bytes.length - to);
        return result;
    }
}
