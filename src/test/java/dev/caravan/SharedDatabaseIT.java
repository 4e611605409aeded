package dev.caravan;

import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.status;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static dev.caravan.testing.JobTopics.ids;
import static dev.caravan.testing.JobTopics.job;
import static dev.caravan.testing.Providers.chat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import dev.caravan.embedded.EmbeddedKafka;
import dev.caravan.testing.BrokerProcess;
import dev.caravan.testing.JobTopics;
import dev.caravan.testing.Postgres;
import dev.caravan.testing.Providers;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two instances that share a PostgreSQL and a Kafka. */
class SharedDatabaseIT {

    private static final Duration SOON = Duration.ofSeconds(5);

    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();

    @TempDir
    private Path folder;

    private final WireMockServer upstream =
            new WireMockServer(options().bindAddress("127.0.0.1").dynamicPort());

    /** Requests so far, each of which leaves one usage event. */
    private final AtomicInteger asked = new AtomicInteger();

    private EmbeddedKafka kafka;
    private BrokerProcess one;
    private BrokerProcess two;

    @BeforeEach
    void start() throws IOException {
        upstream.start();
        kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0, fault -> {});
        var shared = Map.of(
                "CARAVAN_KAFKA_BOOTSTRAP_SERVERS",
                kafka.bootstrapServers(),
                "CARAVAN_DB_URL",
                Postgres.shared().newDatabase(),
                "CARAVAN_DB_USER",
                Postgres.USER,
                "CARAVAN_DB_PASSWORD",
                "any",
                "CARAVAN_MASTER_KEY",
                "the master key of both");
        // at the same time: both find a database without tables
        one = BrokerProcess.start(folder.resolve("one"), shared);
        two = BrokerProcess.serving(folder.resolve("two"), shared);
        one.awaitServing();
    }

    @AfterEach
    void stop() {
        Stream.of(one, two).forEach(BrokerProcess::close);
        kafka.close();
        upstream.stop();
    }

    @Test
    @DisplayName(
            "F5 F6 C6 what one instance is told of a provider the other knows; both show what both have done, also rebuilt")
    void shareWhatTheyKnow() throws Exception {
        upstream.stubFor(post("/v1/chat/completions").willReturn(okJson(Providers.completion("from upstream"))));
        try (var jobs = new JobTopics(kafka.bootstrapServers())) {
            var created = send(one.adminPost("/admin/providers", """
                    {"name":"late","type":"vllm","base_url":"%s/v1","api_key":"sk-late","models":["late-model"]}""".formatted(upstream.baseUrl())));
            assertThat(created.statusCode()).as(created.body()).isEqualTo(201);

            await().atMost(SOON)
                    .until(() -> send(two.post("/v1/chat/completions", chat("late-model")))
                                    .statusCode()
                            == 200);
            assertThat(send(one.post("/v1/chat/completions", chat("sim-echo"))).statusCode())
                    .isEqualTo(200);
            asked.incrementAndGet();
            jobs.send(job("job-1", chat("late-model")));
            assertThat(ids(jobs.receive(1, Duration.ofSeconds(20)))).containsExactly("job-1");

            for (var instance : new BrokerProcess[] {one, two}) {
                await().atMost(SOON).untilAsserted(() -> {
                    assertThat(read(instance, "/admin/logs").path("logs"))
                            .extracting(log -> log.path("door").asText() + " "
                                    + log.path("model").asText())
                            .contains("http late-model", "http sim-echo", "kafka late-model");
                    assertThat(read(instance, "/admin/stats?hours=1")
                                    .at("/successful_requests")
                                    .asInt())
                            .isEqualTo(3);
                });
                assertThat(read(instance, "/admin/health")
                                .path("database_status")
                                .asText())
                        .isEqualTo("healthy");
                assertThat(instance.log()).doesNotContain("WARN", "ERROR", "sk-late");
            }
            rebuildsWhatWasUsed();
        }
    }

    /** Beside the requests from before: one with a repeated call and a council, and those that come meanwhile. */
    private void rebuildsWhatWasUsed() throws Exception {
        upstream.stubFor(post("/v1/chat/completions").willReturn(status(503)));
        assertThat(send(one.post("/v1/chat/completions", chat("late-model", "\"retry_count\":1")))
                        .statusCode())
                .isEqualTo(502);
        assertThat(send(two.post(
                                "/v1/cooperation/parallel",
                                "{\"query\":\"Hi\",\"models\":[\"sim-echo\",\"sim-small\",\"sim-large\"]}"))
                        .statusCode())
                .isEqualTo(200);
        var before = statistics(one);
        assertThat(before.path("total_cost").decimalValue()).isPositive();

        assertThat(replayed(two, "{}").at("/after/total_requests").asInt()).isEqualTo(asked.get());
        assertThat(statistics(one)).isEqualTo(before);

        assertThat(send(one.adminPost("/admin/usage/replay", "{\"reprice\":true}"))
                        .statusCode())
                .isEqualTo(202);
        for (var i = 0; i < 5; i++) {
            send(one.post("/v1/chat/completions", chat("sim-echo")));
            send(two.post("/v1/chat/completions", chat("sim-small")));
        }
        assertThat(done(two).path("error").isNull()).isTrue();
        var after = statistics(two);
        assertThat(after.path("total_repriced_cost")).isEqualTo(after.path("total_cost"));
        assertThat(read(one, "/admin/logs").path("total").asInt()).isEqualTo(asked.get());
        assertThat(replayed(one, "{\"from\":\"2h\"}")
                        .at("/after/total_requests")
                        .asInt())
                .isEqualTo(asked.get());
        assertThat(statistics(two)).isEqualTo(after);
    }

    /** The sums without the time at which they were told. */
    private JsonNode statistics(BrokerProcess instance) {
        var report = (ObjectNode) await().atMost(SOON)
                .until(
                        () -> read(instance, "/admin/stats?hours=24"),
                        sums -> sums.path("total_requests").asInt() == asked.get());
        report.remove("timestamp");
        return report;
    }

    private JsonNode replayed(BrokerProcess instance, String body) throws IOException, InterruptedException {
        var begun = send(instance.adminPost("/admin/usage/replay", body));
        assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
        return done(instance);
    }

    private JsonNode done(BrokerProcess instance) {
        return await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> read(instance, "/admin/usage/replay"),
                        replay -> replay.path("state").asText().equals("done"));
    }

    private JsonNode read(BrokerProcess instance, String path) throws IOException {
        return json.readTree(instance.admin(path));
    }

    private HttpResponse<String> send(HttpRequest.Builder builder) throws IOException, InterruptedException {
        var request = builder.build();
        if (request.uri().getPath().startsWith("/v1/")) {
            asked.incrementAndGet();
        }
        return http.send(request, BodyHandlers.ofString());
    }
}
