package dev.caravan.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A provider on a bare socket, for what WireMock cannot show: when exactly something is sent, and when the other side lets
 * go. Each connection carries one call, which a script answers on a thread of its own. Questions which models it has, as
 * providers of some types are asked at any time, do not reach the script.
 */
public final class ScriptedUpstream implements AutoCloseable {

    /** Answers one call; the connection is closed when it returns. */
    @FunctionalInterface
    public interface Script {
        void answer(Call call) throws Exception;
    }

    private static final int PATIENCE_SECONDS = 10;

    private final ServerSocket listener;
    private final Script script;
    private final boolean tellsModels;
    private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();

    private ScriptedUpstream(ServerSocket listener, Script script, boolean tellsModels) {
        this.listener = listener;
        this.script = script;
        this.tellsModels = tellsModels;
    }

    /** Listens on a free port of this machine. */
    public static ScriptedUpstream start(Script script) {
        return start(script, false);
    }

    /** The same with a script that is asked for its models too. */
    public static ScriptedUpstream startTellingModels(Script script) {
        return start(script, true);
    }

    private static ScriptedUpstream start(Script script, boolean tellsModels) {
        try {
            var upstream = new ScriptedUpstream(
                    new ServerSocket(0, 100, InetAddress.getByName("127.0.0.1")), script, tellsModels);
            Thread.ofVirtual().start(upstream::accept);
            return upstream;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The base url for a provider of type {@code openai-compatible}. */
    public String url() {
        return host() + "/v1";
    }

    /** The same without a path. */
    public String host() {
        return "http://127.0.0.1:" + listener.getLocalPort();
    }

    /** Waits for the next call. */
    public Call next() throws InterruptedException {
        return Objects.requireNonNull(calls.poll(PATIENCE_SECONDS, TimeUnit.SECONDS), "no call came");
    }

    /** How many calls came that {@link #next} has not told of. */
    public int waiting() {
        return calls.size();
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var socket = listener.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (SocketException e) {
                return;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var call = Call.read(socket);
            if (call != null && !tellsModels && call.head().startsWith("GET ")) {
                call.json(404, "{}");
            } else if (call != null) {
                calls.add(call);
                script.answer(call);
            }
        } catch (IOException e) {
            // the broker has let go, which the tests see by other signs
        } catch (Exception e) {
            throw new IllegalStateException("the script failed", e);
        }
    }

    /** One request of the broker, and its connection. */
    public static final class Call {

        private static final Pattern LENGTH = Pattern.compile("(?im)^content-length: *(\\d+)");

        private final Socket socket;
        private final String head;
        private final String body;
        private final CompletableFuture<Long> closed = new CompletableFuture<>();

        private Call(Socket socket, String head, String body) {
            this.socket = socket;
            this.head = head;
            this.body = body;
        }

        static @Nullable Call read(Socket socket) throws IOException {
            var in = socket.getInputStream();
            var head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                var next = in.read();
                if (next < 0) {
                    return null;
                }
                head.append((char) next);
            }
            var length = LENGTH.matcher(head);
            var body = length.find() ? in.readNBytes(Integer.parseInt(length.group(1))) : new byte[0];
            return new Call(socket, head.toString(), new String(body, UTF_8));
        }

        /** Request line and headers, as they came. */
        public String head() {
            return head;
        }

        /** The body, as it came. */
        public String body() {
            return body;
        }

        /** Whether a header was sent. */
        public boolean hasHeader(String name) {
            return head.toLowerCase(Locale.ROOT).contains("\r\n" + name.toLowerCase(Locale.ROOT) + ":");
        }

        /** Sends bytes as they are. */
        public Call send(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(UTF_8));
            return this;
        }

        /** Sends a whole JSON response. */
        public Call json(int status, String json) throws IOException {
            return send("HTTP/1.1 " + status + " x\r\nContent-Type: application/json\r\nContent-Length: "
                    + json.getBytes(UTF_8).length + "\r\nConnection: close\r\n\r\n" + json);
        }

        /** Sends a whole stream, whose end is the end of the connection. */
        public Call wholeStream(byte[] body) throws IOException {
            send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n");
            socket.getOutputStream().write(body);
            return this;
        }

        /** Sends the head of a stream. */
        public Call stream() throws IOException {
            return send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        }

        /** Sends one event of a stream. */
        public Call event(String data) throws IOException {
            var event = "data: " + data + "\n\n";
            return send(Integer.toHexString(event.getBytes(UTF_8).length) + "\r\n" + event + "\r\n");
        }

        /** Ends a stream as HTTP wants it. */
        public Call end() throws IOException {
            return send("0\r\n\r\n");
        }

        /** Says nothing for as long as it takes to answer. */
        public Call takes(Duration time) throws InterruptedException {
            Thread.sleep(time);
            return this;
        }

        /** Says nothing until the broker closes the connection. */
        public void awaitClosed() {
            try {
                InputStream in = socket.getInputStream();
                while (in.read() >= 0) {
                    // nothing is expected
                }
            } catch (IOException e) {
                // a reset is a close too
            }
            closed.complete(System.nanoTime());
        }

        /** When the broker closed the connection, as {@link System#nanoTime}; waits for it. */
        public long closedNanos() throws Exception {
            return closed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }

        @Override
        public String toString() {
            return new String((head + body).getBytes(UTF_8), ISO_8859_1);
        }
    }
}
