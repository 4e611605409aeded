package dev.caravan.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.TerminalFailureException;

/**
 * The built program in a process of its own, started as the launcher starts it, to be killed at will. The keys are those
 * of {@link RunningBroker}. Closing it kills it.
 */
public final class BrokerProcess implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(120);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Process process;
    private final Path stdout;
    private final Path stderr;
    private final int port;
    private final String kafka;

    private BrokerProcess(Process process, Path stdout, Path stderr, int port, String kafka) {
        this.process = process;
        this.stdout = stdout;
        this.stderr = stderr;
        this.port = port;
        this.kafka = kafka;
    }

    /**
     * Starts one and returns at once.
     *
     * @param folder where it writes: its data, its output
     * @param environment what it differs in from a broker with keys on free ports
     * @param javaOptions more options of its JVM
     */
    public static BrokerProcess start(Path folder, Map<String, String> environment, String... javaOptions) {
        var settings = new HashMap<>(Map.of(
                "CARAVAN_DATA",
                folder.resolve("data").toString(),
                "SERVER_HOST",
                "127.0.0.1",
                "SERVER_PORT",
                String.valueOf(freePort()),
                "CARAVAN_KAFKA_PORT",
                String.valueOf(freePort()),
                "CARAVAN_API_KEYS",
                RunningBroker.CLIENT_KEY,
                "CARAVAN_ADMIN_KEY",
                RunningBroker.ADMIN_KEY));
        settings.putAll(environment);
        var home = Path.of("").toAbsolutePath();
        var jar = home.resolve("target/caravan.jar");
        var command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "@" + home.resolve("config/jvm.options"),
                "-XX:AOTCache=" + home.resolve("target/caravan.aot"), // where there is none, the start is slower
                "-Xlog:aot*=off,cds*=off",
                "-Dcaravan.home=" + home));
        command.addAll(List.of(javaOptions));
        command.addAll(List.of("-jar", jar.toString(), "serve"));
        try {
            Files.createDirectories(folder);
            var stdout = Files.createTempFile(folder, "out", ".log");
            var stderr = Files.createTempFile(folder, "err", ".log");
            var builder =
                    new ProcessBuilder(command).redirectOutput(stdout.toFile()).redirectError(stderr.toFile());
            builder.environment().putAll(settings);
            return new BrokerProcess(
                    builder.start(),
                    stdout,
                    stderr,
                    Integer.parseInt(settings.get("SERVER_PORT")),
                    settings.getOrDefault(
                            "CARAVAN_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:" + settings.get("CARAVAN_KAFKA_PORT")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts one and returns when it takes requests. */
    public static BrokerProcess serving(Path folder, Map<String, String> environment, String... javaOptions) {
        var broker = start(folder, environment, javaOptions);
        broker.awaitServing();
        return broker;
    }

    /** Returns when it takes requests. */
    public void awaitServing() {
        try {
            await("a broker that serves")
                    .atMost(START)
                    .pollInterval(Duration.ofMillis(50))
                    .failFast("the broker has ended", () -> !process.isAlive())
                    .until(this::healthy);
        } catch (ConditionTimeoutException | TerminalFailureException e) {
            throw new AssertionError(e.getMessage() + "\n" + log() + errors(), e);
        }
    }

    /** Kafka's bootstrap servers. */
    public String kafka() {
        return kafka;
    }

    public long pid() {
        return process.pid();
    }

    /** Sends a GET with the admin key. */
    public String admin(String path) {
        return get(path, RunningBroker.ADMIN_KEY).body();
    }

    /** Starts a POST with the admin key. */
    public HttpRequest.Builder adminPost(String path, String json) {
        return request(path, RunningBroker.ADMIN_KEY).POST(HttpRequest.BodyPublishers.ofString(json));
    }

    /** Starts a POST with the client key. */
    public HttpRequest.Builder post(String path, String json) {
        return request(path, RunningBroker.CLIENT_KEY).POST(HttpRequest.BodyPublishers.ofString(json));
    }

    /** {@code kill -9}. */
    public void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** {@code kill -TERM}, which is what Ctrl-C comes to as well. */
    public void terminate() {
        process.destroy();
    }

    /** The exit code, as soon as it has ended. */
    public int exitCode(Duration within) {
        try {
            if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("still running after " + within + ":\n" + log());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What it has written to its standard output, which is its log. */
    public String log() {
        return read(stdout);
    }

    /** What it has written to its standard error. */
    public String errors() {
        return read(stderr);
    }

    @Override
    public void close() {
        kill();
    }

    /** A port that was free a moment ago. */
    public static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean healthy() {
        try {
            return get("/healthz", "").statusCode() == 200;
        } catch (UncheckedIOException _) {
            return false;
        }
    }

    private HttpResponse<String> get(String path, String key) {
        try {
            return HTTP.send(request(path, key).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private HttpRequest.Builder request(String path, String key) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
