package bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The broker as a user starts it, everything on, with an empty data folder and the mock as its provider. */
final class Broker {

    static final String KEY = "bench-key";
    private static final String ADMIN_KEY = "bench-admin";
    private static final int SECONDS_TO_START = 120;

    private final Child process;
    private final int port;

    private Broker(Child process, int port) {
        this.process = process;
        this.port = port;
    }

    static Broker start(int upstreamPort, Options options) throws IOException, InterruptedException {
        var port = freePort();
        var environment = Map.of(
                "CARAVAN_DATA", Child.TARGET.resolve("data").toAbsolutePath().toString(),
                "SERVER_PORT", Integer.toString(port),
                "SERVER_HOST", "127.0.0.1",
                "CARAVAN_KAFKA_PORT", Integer.toString(freePort()),
                "CARAVAN_API_KEYS", KEY,
                "CARAVAN_ADMIN_KEY", ADMIN_KEY);
        var command = new ArrayList<>(Child.GATEWAY);
        if (options.profile()) {
            command.add("-XX:StartFlightRecording=settings=profile,dumponexit=true,filename=" + recording());
        }
        command.addAll(List.of("dev.caravan.cli.Main", "serve"));
        var broker = new Broker(Child.start(command, environment, Child.TARGET.resolve("broker.log")), port);
        broker.waitUntilReady();
        broker.addProvider(upstreamPort, options.cases());
        return broker;
    }

    static Path recording() {
        return Child.TARGET.resolve("broker.jfr");
    }

    Target target() {
        return Target.local("broker", port, KEY, process.pid());
    }

    Child process() {
        return process;
    }

    private void waitUntilReady() throws InterruptedException {
        for (var i = 0; i < SECONDS_TO_START * 4 && process.isAlive(); i++) {
            if (status(request("/healthz").GET()) == 200) {
                return;
            }
            Thread.sleep(Duration.ofMillis(250));
        }
        throw new IllegalStateException("The broker does not answer: see " + Child.TARGET.resolve("broker.log"));
    }

    private void addProvider(int upstreamPort, List<Case> cases) throws InterruptedException {
        var models = cases.stream().map(Case::model).distinct().collect(Collectors.joining("\",\""));
        var provider = """
                {"name":"mock","type":"openai-compatible","base_url":"http://127.0.0.1:%d/v1","api_key":"sk-mock",
                 "models":["%s"]}""".formatted(upstreamPort, models);
        var status = status(request("/admin/providers")
                .header("Authorization", "Bearer " + ADMIN_KEY)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(provider)));
        if (status / 100 != 2) {
            throw new IllegalStateException("The broker does not take the mock as a provider: " + status);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(Duration.ofSeconds(10));
    }

    /** 0 while nobody listens. */
    private static int status(HttpRequest.Builder request) throws InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(request.build(), BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
