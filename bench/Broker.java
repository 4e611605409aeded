package bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The broker as a user starts it: by its launcher, with the launcher's flags, everything on. */
final class Broker implements AutoCloseable {

    static final String KEY = "bench-key";
    private static final String ADMIN_KEY = "bench-admin";
    private static final long NANOS_TO_START = TimeUnit.SECONDS.toNanos(120);
    private static final int POLL_MILLIS = 5;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final String name;
    private final Child process;
    private final int port;
    private final double readySeconds;

    private Broker(String name, Child process, int port, double readySeconds) {
        this.name = name;
        this.process = process;
        this.port = port;
        this.readySeconds = readySeconds;
    }

    /** Starts this version of it and waits until it is ready. */
    static Broker start(Path data, Map<String, String> settings, List<String> javaOptions) throws InterruptedException {
        return start("broker", Path.of(""), data, settings, javaOptions);
    }

    /**
     * Starts one and waits until it is ready.
     *
     * @param name as a target
     * @param home the folder with its launcher
     * @param data its data folder
     * @param settings environment variables beside the usual ones
     * @param javaOptions what its JVM is told besides the launcher's flags; none holds a space
     */
    static Broker start(
            String name, Path home, Path data, Map<String, String> settings, List<String> javaOptions)
            throws InterruptedException {
        var port = freePort();
        var environment = new HashMap<>(Map.of(
                "CARAVAN_DATA", data.toAbsolutePath().toString(),
                "SERVER_PORT", Integer.toString(port),
                "SERVER_HOST", "127.0.0.1",
                "CARAVAN_KAFKA_PORT", Integer.toString(freePort()),
                "CARAVAN_API_KEYS", KEY,
                "CARAVAN_ADMIN_KEY", ADMIN_KEY,
                "CARAVAN_JAVA_OPTS", withTheUsers(javaOptions)));
        environment.putAll(settings);
        var command = List.of(home.resolve("caravan").toAbsolutePath().toString(), "serve");
        var begun = System.nanoTime();
        var log = Child.TARGET.resolve(name + ".log");
        var process = Child.start(command, environment, log);
        while (process.isAlive() && System.nanoTime() - begun < NANOS_TO_START) {
            if (status(request(port, "/healthz").GET()) == 200) {
                return new Broker(name, process, port, (System.nanoTime() - begun) / 1e9);
            }
            Thread.sleep(POLL_MILLIS);
        }
        process.close();
        throw new IllegalStateException("The broker does not answer: see " + log);
    }

    /** From its start to the first 200 of {@code /healthz}. */
    double readySeconds() {
        return readySeconds;
    }

    Target target() {
        return Target.local(name, port, KEY, process.pid());
    }

    Child process() {
        return process;
    }

    /** The flags that it runs with, as they can be given to another program: without its AOT cache and recording. */
    List<String> flags() throws IOException {
        var command = Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"))
                .split("\0");
        var flags = new ArrayList<String>();
        for (var argument : List.of(command).subList(1, List.of(command).indexOf("-jar"))) {
            flags.addAll(argument.startsWith("@") ? argumentFile(argument.substring(1)) : List.of(argument));
        }
        flags.removeIf(flag -> Stream.of("-XX:StartFlightRecording", "-XX:AOT", "-Xlog:aot", "-Dcaravan")
                .anyMatch(flag::startsWith));
        return flags;
    }

    private static List<String> argumentFile(String name) throws IOException {
        try (var lines = Files.lines(Path.of(name))) {
            return lines.map(line -> line.replaceFirst("#.*", "").strip())
                    .filter(line -> !line.isEmpty())
                    .flatMap(line -> Stream.of(line.split("\\s+")))
                    .toList();
        }
    }

    /** Makes the mock its provider of all models of these cases. */
    void addProvider(int upstreamPort, List<Case> cases) throws InterruptedException {
        var models = cases.stream().map(Case::model).distinct().collect(Collectors.joining("\",\""));
        var provider = """
                {"name":"mock","type":"openai-compatible","base_url":"http://127.0.0.1:%d/v1","api_key":"sk-mock",
                 "models":["%s"]}""".formatted(upstreamPort, models);
        var status = status(request(port, "/admin/providers")
                .header("Authorization", "Bearer " + ADMIN_KEY)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(provider)));
        if (status / 100 != 2) {
            throw new IllegalStateException("The broker does not take the mock as a provider: " + status);
        }
    }

    @Override
    public void close() {
        process.close();
    }

    private static String withTheUsers(List<String> javaOptions) {
        var users = System.getenv().getOrDefault("CARAVAN_JAVA_OPTS", "");
        return (users + " " + String.join(" ", javaOptions)).strip();
    }

    private static HttpRequest.Builder request(int port, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(10));
    }

    /** 0 while nobody listens. */
    private static int status(HttpRequest.Builder request) throws InterruptedException {
        try {
            return HTTP.send(request.build(), BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException("No port is free", e);
        }
    }
}
