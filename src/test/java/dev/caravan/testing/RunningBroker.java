package dev.caravan.testing;

import dev.caravan.broker.Broker;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;

/** The whole program in this JVM, with its embedded Kafka and database in a folder of its own, on free ports. */
public final class RunningBroker implements AutoCloseable {

    public static final String CLIENT_KEY = "test-client-key";
    public static final String ADMIN_KEY = "test-admin-key";

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static @Nullable RunningBroker shared;

    private final ConfigurableApplicationContext context;
    private final Path home;
    private final int kafkaPort;

    private RunningBroker(ConfigurableApplicationContext context, Path home, int kafkaPort) {
        this.context = context;
        this.home = home;
        this.kafkaPort = kafkaPort;
    }

    /**
     * The one that all tests of a run share: keys are {@link #CLIENT_KEY} and {@link #ADMIN_KEY}. Its routes and
     * configuration are a copy, so a test may change what only it uses.
     */
    public static synchronized RunningBroker shared() {
        if (shared == null) {
            var kafkaPort = freePort();
            shared = start(
                    kafkaPort,
                    Map.of(
                            "CARAVAN_API_KEYS", CLIENT_KEY,
                            "CARAVAN_ADMIN_KEY", ADMIN_KEY,
                            "caravan.kafka.port", String.valueOf(kafkaPort),
                            "caravan.jobs.max-in-flight", "100",
                            "caravan.jobs.max-attempts", "3",
                            "caravan.jobs.retry-delay", "100ms",
                            "caravan.jobs.park-after", "3s"));
        }
        return shared;
    }

    /** Another one, beside the shared one and on its Kafka, with a database and settings of its own. */
    public static RunningBroker another(Map<String, String> properties) {
        var all = new HashMap<>(properties);
        all.put("caravan.kafka.bootstrap-servers", shared().kafka());
        return start(shared().kafkaPort, all);
    }

    private static RunningBroker start(int kafkaPort, Map<String, String> properties) {
        try {
            var home = Files.createTempDirectory("caravan-test");
            for (var folder : List.of("routes", "config", "kafka")) {
                copy(Path.of(folder), home.resolve(folder));
            }
            var arguments = new ArrayList<String>();
            arguments.add("--caravan.home=" + home);
            arguments.add("--caravan.config=" + home.resolve("config"));
            arguments.add("--caravan.data=" + home.resolve("data"));
            arguments.add("--caravan.port=0");
            properties.forEach((name, value) -> arguments.add("--" + name + "=" + value));
            return new RunningBroker(Broker.start(arguments.toArray(String[]::new)), home, kafkaPort);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code http://127.0.0.1:PORT}. */
    public String url() {
        return "http://127.0.0.1:" + Broker.port(context);
    }

    /** Kafka's bootstrap servers. */
    public String kafka() {
        return "127.0.0.1:" + kafkaPort;
    }

    /** The folder that holds this broker's {@code routes}, {@code config} and {@code data}. */
    public Path home() {
        return home;
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** Sends a request with the client key. */
    public HttpResponse<String> post(String path, String json) {
        return send(request(path, CLIENT_KEY).POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    /** Sends a GET with the client key. */
    public HttpResponse<String> get(String path) {
        return send(request(path, CLIENT_KEY));
    }

    /** Sends a request with the admin key; a null body sends none. */
    public HttpResponse<String> admin(String method, String path, @Nullable String json) {
        var body = json == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(json);
        return send(request(path, ADMIN_KEY).method(method, body));
    }

    /** Starts a request to this broker with a key as bearer. */
    public HttpRequest.Builder request(String path, String key) {
        return HttpRequest.newBuilder(URI.create(url() + path))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json");
    }

    /** Sends it and reads the answer as text. */
    public HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        context.close();
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var paths = Files.walk(from)) {
            for (var path : paths.toList()) {
                var target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target);
                }
            }
        }
    }
}
