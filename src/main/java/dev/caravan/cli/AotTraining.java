package dev.caravan.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/** What a broker is asked while Java watches which classes and methods it needs. */
final class AotTraining {

    private static final Duration LONGEST_START = Duration.ofMinutes(2);
    private static final Duration LOAD = Duration.ofSeconds(6);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);
    private static final int CLIENTS = 8;
    private static final String CHAT = """
            {"model":"sim-echo","messages":[{"role":"user","content":"What is loaded now need not be loaded later."}]""";

    private final String base;

    /** @param port the broker's, on loopback */
    AotTraining(int port) {
        this.base = "http://127.0.0.1:" + port;
    }

    /**
     * Waits for the broker and asks it for some seconds.
     *
     * @param alive whether there is still somebody to wait for
     * @return whether it answered
     */
    boolean run(BooleanSupplier alive) throws InterruptedException {
        try (var http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .build()) {
            var late = Instant.now().plus(LONGEST_START);
            while (!answers(http, get("/healthz"))) {
                if (!alive.getAsBoolean() || Instant.now().isAfter(late)) {
                    return false;
                }
                Thread.sleep(BETWEEN_LOOKS);
            }
            load(http);
            return answers(http, chat("}"));
        }
    }

    private void load(HttpClient http) {
        var end = Instant.now().plus(LOAD);
        try (var clients = Executors.newFixedThreadPool(CLIENTS)) {
            for (var i = 0; i < CLIENTS; i++) {
                clients.execute(() -> {
                    while (Instant.now().isBefore(end)) {
                        round(http);
                    }
                });
            }
        }
    }

    private void round(HttpClient http) {
        answers(http, chat(",\"stream\":true}"));
        for (var i = 0; i < 10; i++) {
            answers(http, chat("}"));
        }
        answers(http, get("/v1/models"));
        answers(http, get("/health"));
    }

    private HttpRequest chat(String end) {
        return HttpRequest.newBuilder(URI.create(base + "/v1/chat/completions"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(CHAT + end))
                .build();
    }

    private HttpRequest get(String path) {
        return HttpRequest.newBuilder(URI.create(base + path)).build();
    }

    private static boolean answers(HttpClient http, HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofByteArray()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
