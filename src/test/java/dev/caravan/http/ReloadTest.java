package dev.caravan.http;

import static dev.caravan.testing.Providers.chat;
import static dev.caravan.testing.Providers.chunk;
import static dev.caravan.testing.Providers.lastChunk;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.testing.Load;
import dev.caravan.testing.Providers;
import dev.caravan.testing.RunningBroker;
import dev.caravan.testing.ScriptedUpstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Routes that are edited while they are in use. */
@ExtendWith(OutputCaptureExtension.class)
class ReloadTest {

    private static final Duration SOON = Duration.ofSeconds(3);

    private final RunningBroker broker = RunningBroker.shared();
    private final Path http = broker.home().resolve("routes/http.camel.yaml");
    private final Path provider = broker.home().resolve("routes/provider.camel.yaml");
    private final Path custom = broker.home().resolve("routes/custom/hello.camel.yaml");
    private final String httpBefore = read(http);
    private final String providerBefore = read(provider);

    @AfterEach
    void putBack() throws IOException {
        write(http, httpBefore);
        putTemplateBack();
        Files.deleteIfExists(custom);
        awaitBody("/healthz", "\"service\"");
        await().until(() -> broker.get("/v1/hello").statusCode() == 404);
    }

    @Test
    @DisplayName(
            "F2 F3 Changed routes are in force within 3 s; no request fails, and a stream through the old ones finishes")
    void change() throws Exception {
        var turn = new CountDownLatch(1);
        try (var load = Load.of(chat("sim-echo"), 50);
                var upstream = ScriptedUpstream.start(call -> {
                    call.stream().event(chunk("before"));
                    turn.await();
                    call.event(chunk("after"))
                            .event(lastChunk())
                            .event("[DONE]")
                            .end();
                })) {
            var name = Providers.create(upstream.url());
            try (var client = StreamClient.ask(chat(name + ":m", "\"stream\":true"))) {
                assertThat(client.event()).contains("before");

                write(provider, providerBefore.replace("httpMethod: POST", "httpMethod: \"POST\""));
                changeSoon();

                await().until(() -> providerRoutes(name).size() == 2);
                var before = load.answered();
                await().until(() -> load.answered() > before + 100);
                turn.countDown();
                assertThat(client.events()).hasSize(3).last().isEqualTo("[DONE]");
            }
            assertThat(load.failures()).isEmpty();
            await().until(() -> providerRoutes(name).size() == 1);
        }
    }

    @Test
    @DisplayName(
            "F3 A broken file changes nothing and is told in the log with file and line; the next good one is taken")
    void broken(CapturedOutput output) {
        write(http, changed(httpBefore).replace("ref: admitHttp", "reff: admitHttp"));
        await().until(() -> output.getAll()
                .contains("routes/http.camel.yaml:12: unknown field 'reff'; the last good state stays in force"));
        assertThat(broker.get("/healthz").body()).contains("\"service\"");
        assertThat(broker.post("/v1/chat/completions", chat("sim-echo")).statusCode())
                .isEqualTo(200);

        write(http, "- route: [\n");
        await().until(() -> output.getAll().contains("routes/http.camel.yaml:1: not well-formed: "));
        assertThat(broker.get("/healthz").body()).contains("\"service\"");

        write(http, changed(httpBefore));
        awaitBody("/healthz", "changed");
    }

    @Test
    @DisplayName("F3 F8 A file in routes/custom is taken when it appears, when it changes, and out when it is gone")
    void customRoute() throws Exception {
        Files.createDirectories(custom.getParent());
        write(custom, hello("Bonjour"));
        awaitBody("/v1/hello", "Bonjour");

        write(custom, hello("Guten Tag"));
        awaitBody("/v1/hello", "Guten Tag");

        Files.delete(custom);
        await().until(() -> broker.get("/v1/hello").statusCode() == 404);
    }

    @Test
    @DisplayName("F2 An edit of the provider template leaves an open breaker open")
    void breakerStays() throws Exception {
        try (var upstream = ScriptedUpstream.start(call -> call.json(500, "{}"))) {
            var name = Providers.create(upstream.url(), "\"retry\":{\"max_retries\":0}");
            await().until(() -> {
                broker.post("/v1/chat/completions", chat(name + ":m"));
                return breaker(name).equals("open");
            });
            var route = providerRoutes(name);

            write(provider, providerBefore + "# edited\n");
            await().until(() -> !route.containsAll(providerRoutes(name)));

            assertThat(breaker(name)).isNotEqualTo("closed");
        }
    }

    private String breaker(String name) {
        for (var each : Errors.json(broker.get("/health").body()).path("providers")) {
            if (each.path("name").asText().equals(name)) {
                return each.path("breaker").asText();
            }
        }
        return "";
    }

    private static String hello(String text) {
        return """
                - route:
                    id: custom.hello
                    description: Says something
                    from:
                      uri: platform-http:/v1/hello
                      steps:
                        - setBody:
                            expression:
                              constant:
                                expression: %s
                """.formatted(text);
    }

    /** The answer of {@code /healthz} is another one, and all else is as it was. */
    private static String changed(String routes) {
        return routes.replace("""
                        - bean:
                            ref: healthApi
                            method: alive
                        - bean:
                            ref: replies
                            method: answer
                """, """
                        - setBody:
                            expression:
                              constant:
                                expression: changed
                """);
    }

    /** Waits until every provider has its new route, so that no other test meets one that goes. */
    private void putTemplateBack() {
        if (!read(provider).equals(providerBefore)) {
            var changed = providerRoutes("simulator");
            write(provider, providerBefore);
            await().until(() ->
                    providerRoutes("simulator").size() == 1 && !changed.containsAll(providerRoutes("simulator")));
        }
    }

    private List<String> providerRoutes(String provider) {
        return broker.bean(CamelContext.class).getRoutes().stream()
                .map(Route::getId)
                .filter(id -> id.startsWith("provider." + provider + "."))
                .toList();
    }

    /** On a machine with other work an edit may be late: then there is another one. */
    private void changeSoon() {
        await().atMost(SOON.multipliedBy(10)).until(() -> {
            write(http, httpBefore);
            awaitBody("/healthz", "\"service\"");
            write(http, changed(httpBefore));
            return awaitBody("/healthz", "changed").compareTo(SOON) < 0;
        });
    }

    /** Gives how long it took. */
    private Duration awaitBody(String path, String part) {
        var begin = System.nanoTime();
        await().until(() -> broker.get(path).body().contains(part));
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
