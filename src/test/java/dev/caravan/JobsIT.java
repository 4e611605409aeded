package dev.caravan;

import static dev.caravan.testing.JobTopics.header;
import static dev.caravan.testing.JobTopics.ids;
import static dev.caravan.testing.JobTopics.job;
import static dev.caravan.testing.JobTopics.utf8;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.testing.BrokerProcess;
import dev.caravan.testing.JobTopics;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** One data folder through the life of the program: at work, killed, told to stop, and started again. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class JobsIT {

    private static final Duration SOON = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    private static Path folder;

    private static Map<String, String> ports;
    private static BrokerProcess broker;
    private static JobTopics jobs;

    @BeforeAll
    static void start() {
        ports = Map.of(
                "SERVER_PORT", String.valueOf(BrokerProcess.freePort()),
                "CARAVAN_KAFKA_PORT", String.valueOf(BrokerProcess.freePort()));
        broker = BrokerProcess.serving(folder, ports);
        jobs = new JobTopics(broker.kafka());
    }

    @AfterAll
    static void stop() {
        jobs.close();
        broker.close();
    }

    @Test
    @Order(1)
    @DisplayName("F4 F5 a response has the key and the headers of its request, and CloudEvents' own")
    void answersWithKeyAndHeaders() throws IOException {
        byte[] raw = {1, (byte) 0xff, 0};
        var request = JobTopics.record(raw, chat("sim-echo", 0, "\"stream\":true,\"stream_options\":{},"));
        request.headers().add("ce_id", utf8("h-1")).add("correlation-id", utf8("c-1"));
        request.headers().add("kafka_correlationId", raw).add("traceparent", utf8("00-1-2-01"));
        jobs.send(request);

        var response = jobs.receive(1, PATIENCE).getFirst();
        assertThat(response.key()).isEqualTo(raw);
        assertThat(header(response, "ce_id")).isEqualTo("h-1");
        assertThat(header(response, "ce_specversion")).isEqualTo("1.0");
        assertThat(header(response, "content-type")).isEqualTo("application/json");
        assertThat(response.headers().lastHeader("ce_type")).isNotNull();
        assertThat(response.headers().lastHeader("ce_source")).isNotNull();
        assertThat(header(response, "correlation-id")).isEqualTo("c-1");
        assertThat(header(response, "traceparent")).isEqualTo("00-1-2-01");
        assertThat(response.headers().lastHeader("kafka_correlationId").value()).isEqualTo(raw);
        var value = JSON.readTree(response.value());
        assertThat(value.path("id").asText()).isEqualTo("h-1");
        assertThat(value.path("status").asText()).isEqualTo("ok");
        assertThat(value.path("attempts").asInt()).isEqualTo(1);
        assertThat(value.path("error").isNull()).isTrue();
        var completion = value.path("response");
        assertThat(completion.path("object").asText()).isEqualTo("chat.completion");
        assertThat(completion.at("/choices/0/message/content").asText()).isEqualTo("Hello!");
    }

    @Test
    @Order(2)
    @DisplayName("F4 without ce_id the id is the key with the value's SHA-256, without a key the place of the record")
    void namesWhatHasNoId() throws Exception {
        var body = chat("sim-echo", 0, "");
        jobs.send(JobTopics.record(utf8("k"), body));
        var offset = jobs.send(new ProducerRecord<>(JobTopics.REQUESTS, 0, null, utf8(body)));

        var hash = MessageDigest.getInstance("SHA-256").digest(utf8(body));
        assertThat(ids(jobs.receive(2, PATIENCE)))
                .containsExactlyInAnyOrder("k:" + HexFormat.of().formatHex(hash), jobs.requestsId() + ":0:" + offset);
    }

    @Test
    @Order(3)
    @DisplayName("F4 what cannot be asked is answered with an error: no JSON, no value, no such model or endpoint")
    void answersWhatIsWrong() {
        var elsewhere = job("endpoint", chat("sim-echo", 0, ""));
        elsewhere.headers().add("caravan-endpoint", utf8("/v1/nowhere"));
        jobs.sendAll(List.of(
                job("malformed", "{\"model\":"),
                new ProducerRecord<>(JobTopics.REQUESTS, 0, utf8("tombstone"), null),
                job("model", chat("nobody", 0, "")),
                elsewhere));

        var codes = new ArrayList<String>();
        for (var response : jobs.receive(4, PATIENCE)) {
            var value = read(response);
            assertThat(value.path("status").asText()).isEqualTo("error");
            assertThat(value.path("response").isNull()).isTrue();
            codes.add(new String(response.key(), UTF_8) + " "
                    + value.at("/error/code").asText());
        }
        assertThat(codes)
                .containsExactlyInAnyOrder(
                        "malformed invalid_request",
                        "tombstone invalid_request",
                        "model model_not_found",
                        "endpoint not_found");
    }

    @Test
    @Order(4)
    @DisplayName(
            "F1 F4 C8 C9 1,000 jobs of one second on one partition: answered once in under 15 s, and logged 2 s later")
    void answersManySlowJobs() {
        var start = System.nanoTime();
        jobs.sendAll(numbered("slow-", 1000, chat("sim-small", 1000, "")));
        var responses = jobs.receive(1000, PATIENCE);
        var took = Duration.ofNanos(System.nanoTime() - start);

        assertThat(took).isLessThan(Duration.ofSeconds(15));
        assertThat(responses)
                .allSatisfy(
                        each -> assertThat(read(each).path("status").asText()).isEqualTo("ok"));
        assertThat(ids(responses)).doesNotHaveDuplicates();
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(logged("sim-small").path("total").asLong()).isEqualTo(1000);
            assertThat(counted("sim-small").path("total_requests").asLong()).isEqualTo(1000);
        });
        assertThat(counted("sim-small").path("total_cost").decimalValue()).isPositive();
    }

    @Test
    @Order(5)
    @DisplayName(
            "F4 F5 C8 C9 kill -9 amid 500 jobs: after a restart all are answered, and none is missing in log and statistics")
    void losesNothingWhenKilled() {
        assertThat(ask(chat("simulator:sim-echo", 0, "")).statusCode()).isEqualTo(200);
        await().atMost(SOON)
                .until(() -> logged("simulator:sim-echo").path("total").asLong() == 1);
        jobs.sendAll(numbered("killed-", 100, chat("simulator:sim-small", 10, "")));
        jobs.sendAll(IntStream.range(100, 500)
                .mapToObj(i -> job("killed-" + i, chat("simulator:sim-small", 1 + i * 5, "")))
                .toList());
        var before = jobs.receive(150, PATIENCE);

        broker.kill();
        broker = BrokerProcess.serving(folder, ports);

        var wanted = new HashSet<>(
                IntStream.range(0, 500).mapToObj(i -> "killed-" + i).toList());
        wanted.removeAll(ids(before));
        assertThat(wanted).isNotEmpty();
        var after = jobs.receiveUntil(all -> ids(all).containsAll(wanted), PATIENCE);
        await().atMost(SOON).until(() -> jobs.committed() == jobs.end());
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(loggedIds("simulator:sim-small"))
                    .containsAll(ids(before))
                    .containsAll(ids(after))
                    .hasSize(500);
            assertThat(counted("simulator:sim-small").path("total_requests").asLong())
                    .isEqualTo(logged("simulator:sim-small").path("total").asLong());
        });
        assertThat(logged("simulator:sim-echo").path("total").asLong()).isEqualTo(1);
        assertThat(logged("sim-small").path("total").asLong()).isEqualTo(1000);
        assertThat(counted("sim-small").path("total_requests").asLong()).isEqualTo(1000);
    }

    @Test
    @Order(6)
    @DisplayName(
            "A2 F4 told to stop, it finishes streams and jobs, loses no usage, and repeats no job after the next start")
    void finishesWhatItHasWhenToldToStop() throws Exception {
        jobs.sendAll(numbered("stopped-slow-", 30, chat("sim-large", 2000, "")));
        jobs.sendAll(numbered("stopped-", 10, chat("sim-large", 0, "")));
        assertThat(ids(jobs.receive(10, PATIENCE))).noneMatch(id -> id.contains("slow"));
        var stream = HTTP.send(
                broker.post(
                                "/v1/chat/completions",
                                chat("sim-large", 100, "\"stream\":true,", "\"tokens_per_second\":40"))
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
        try (var events = new BufferedReader(new InputStreamReader(stream.body(), UTF_8))) {
            assertThat(events.readLine()).startsWith("data: ");

            broker.terminate();
            assertThat(events.lines().filter(line -> !line.isEmpty()).toList().getLast())
                    .isEqualTo("data: [DONE]");
        }
        assertThat(broker.exitCode(PATIENCE)).isEqualTo(128 + 15);
        assertThat(broker.log()).doesNotContain("WARN", "ERROR", "\tat ");
        assertThat(broker.errors()).isEmpty();

        broker = BrokerProcess.serving(folder, ports);
        assertThat(jobs.committed()).isEqualTo(jobs.end());
        var responses = jobs.receive(30, PATIENCE);
        assertThat(ids(responses)).doesNotHaveDuplicates().hasSize(30);
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(logged("sim-large").path("total").asLong()).isEqualTo(41));
    }

    private static String chat(String model, int delayMillis, String more, String... simulate) {
        var simulated =
                String.join("", Stream.of(simulate).map(each -> "," + each).toList());
        return """
                {"model":"%s",%s"simulate":{"delay_ms":%d%s},"messages":[{"role":"user","content":"Hello!"}]}""".formatted(model, more, delayMillis, simulated);
    }

    private static List<ProducerRecord<byte[], byte[]>> numbered(String prefix, int count, String json) {
        return IntStream.range(0, count).mapToObj(i -> job(prefix + i, json)).toList();
    }

    private static HttpResponse<InputStream> ask(String json) {
        try {
            return HTTP.send(
                    broker.post("/v1/chat/completions", json).build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode logged(String model) {
        return read(broker.admin("/admin/logs?page_size=1000&model=" + model));
    }

    private static List<String> loggedIds(String model) {
        return logged(model).path("logs").findValuesAsText("request_id").stream()
                .distinct()
                .toList();
    }

    private static JsonNode counted(String model) {
        for (var each : read(broker.admin("/admin/stats")).path("models")) {
            if (each.path("model").asText().equals(model)) {
                return each;
            }
        }
        return JSON.missingNode();
    }

    private static JsonNode read(ConsumerRecord<byte[], byte[]> response) {
        return read(new String(response.value(), UTF_8));
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
