package dev.caravan;

import static dev.caravan.testing.Providers.chat;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.testing.BrokerProcess;
import dev.caravan.testing.KafkaProcess;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An external Kafka goes away and comes back. */
class KafkaAwayIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    @Test
    @DisplayName(
            "F5 while Kafka is away for a minute REST answers as before; afterwards each usage event is on the topic once, in order")
    void followsWhenKafkaIsBack() throws Exception {
        try (var kafka = KafkaProcess.start(folder.resolve("kafka"));
                var broker = serving(kafka)) {
            var caller = new Caller(broker);
            caller.callFor(Duration.ofSeconds(10));
            var before = caller.latencies();

            kafka.kill();
            caller.callFor(Duration.ofMinutes(1));
            var during = caller.latencies();
            var away = health(broker);
            kafka.startAgain();
            caller.callFor(Duration.ofSeconds(10));

            await().atMost(SOON).until(() -> health(broker).path("waiting").asInt() == 0);
            assertThat(away.path("on_disk").asInt()).isGreaterThan(5000);
            assertThat(away.path("in_memory").asInt()).isLessThan(100);
            assertThat(away.path("on_disk_bytes").asLong()).isPositive();
            assertThat(away.path("kafka_away_since").isTextual()).isTrue();
            assertThat(health(broker).path("dropped").asInt()).isZero();
            assertThat(health(broker).path("kafka_away_since").isNull()).isTrue();
            assertThat(broker.admin("/metrics")).contains("caravan_usage_events_waiting{where=\"disk\"} 0");
            var published = published(kafka);
            inOrder(published);
            assertThat(numbers(published)).isEqualTo(caller.numbers());
            assertThat(percentile(during, 99)).as("ms").isLessThan(2 * percentile(before, 99) + 50);
            assertThat(folder.resolve("data/usage-spool")).isEmptyDirectory();
            assertThat(broker.log().lines().filter(line -> line.contains("WARN") || line.contains("ERROR")))
                    .as("few lines")
                    .hasSizeLessThan(30);
            System.out.printf(
                    "calls %d, p50/p99/max ms before %s, while away %s; away: %s%n",
                    caller.numbers().size(), figures(before), figures(during), away);
        }
    }

    @Test
    @DisplayName(
            "F5 what a stopped and what a killed broker could not publish is published by the next one, first and in order")
    void outlivesStopAndKill() throws Exception {
        try (var kafka = KafkaProcess.start(folder.resolve("kafka"))) {
            var caller = new Caller(serving(kafka));
            caller.callFor(Duration.ofSeconds(2));
            kafka.kill();
            caller.callFor(Duration.ofSeconds(1));
            caller.broker.terminate();
            assertThat(caller.broker.exitCode(Duration.ofSeconds(60))).isEqualTo(143);
            assertThat(caller.broker.log()).contains("wait in ").doesNotContain("are lost");
            var stopped = caller.numbers().size();

            kafka.startAgain();
            caller.broker = serving(kafka);
            caller.callFor(Duration.ofSeconds(1));
            var drained = caller.broker;
            await().atMost(SOON).until(() -> health(drained).path("waiting").asInt() == 0);
            assertThat(numbers(published(kafka))).isEqualTo(caller.numbers()).hasSizeGreaterThan(stopped);

            kafka.kill();
            caller.callFor(Duration.ofSeconds(5));
            await().until(() -> health(drained).path("in_memory").asInt() == 0);
            var onDisk = caller.numbers().size();
            caller.broker.kill();
            kafka.startAgain();
            try (var last = serving(kafka)) {
                caller.broker = last;
                await().atMost(SOON).until(() -> health(last).path("waiting").asInt() == 0);
                caller.callFor(Duration.ofSeconds(1));
                await().atMost(SOON).until(() -> health(last).path("waiting").asInt() == 0);
                var published = published(kafka);
                inOrder(published);
                assertThat(numbers(published)).isEqualTo(caller.numbers()).hasSizeGreaterThan(onDisk);
            }
        }
    }

    private BrokerProcess serving(KafkaProcess kafka) {
        return BrokerProcess.serving(folder, Map.of("CARAVAN_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers()));
    }

    private static JsonNode health(BrokerProcess broker) throws IOException {
        return JSON.readTree(broker.admin("/health")).path("usage_events");
    }

    /** One request after the other, a hundred a second, numbered. */
    private static final class Caller {

        private final HttpClient http = HttpClient.newHttpClient();
        private BrokerProcess broker;
        private int next;
        private List<Double> latencies = new ArrayList<>();

        private Caller(BrokerProcess broker) {
            this.broker = broker;
        }

        void callFor(Duration duration) throws IOException, InterruptedException {
            latencies = new ArrayList<>();
            var begin = System.nanoTime();
            for (var i = 0; System.nanoTime() - begin < duration.toNanos(); i++) {
                var due = begin + i * 10_000_000L;
                for (var rest = due - System.nanoTime(); rest > 0; rest = due - System.nanoTime()) {
                    LockSupport.parkNanos(rest);
                }
                var sent = System.nanoTime();
                var answer = http.send(
                        broker.post("/v1/chat/completions", chat("sim-echo"))
                                .header("x-request-id", "n-" + next++)
                                .build(),
                        BodyHandlers.ofString());
                assertThat(answer.statusCode()).isEqualTo(200);
                latencies.add((System.nanoTime() - sent) / 1e6);
            }
        }

        List<Double> latencies() {
            return latencies;
        }

        List<Integer> numbers() {
            return IntStream.range(0, next).boxed().toList();
        }
    }

    private record Published(int number, Instant at) {}

    /**
     * The events on the topic, by partition, in their order there, without repeats: what was on its way as Kafka was killed
     * may stand there already, which only a client that lives on can find out.
     */
    private static List<List<Published>> published(KafkaProcess kafka) throws IOException {
        try (var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            var partitions = consumer.partitionsFor("caravan.usage").stream()
                    .map(each -> new TopicPartition(each.topic(), each.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            var seen = new HashSet<String>();
            var events = new TreeMap<Integer, List<Published>>();
            while (partitions.stream().anyMatch(each -> consumer.position(each) < requireNonNull(ends.get(each)))) {
                for (var record : consumer.poll(Duration.ofMillis(100))) {
                    var event = JSON.readTree(record.value());
                    if (seen.add(event.path("id").asText())) {
                        events.computeIfAbsent(record.partition(), _ -> new ArrayList<>())
                                .add(new Published(
                                        Integer.parseInt(event.path("request_id")
                                                .asText()
                                                .substring(2)),
                                        Instant.parse(event.path("timestamp").asText())));
                    }
                }
            }
            return List.copyOf(events.values());
        }
    }

    /** Threads that end their requests at the same time may overtake each other between the clock and the outbox. */
    private static void inOrder(List<List<Published>> partitions) {
        for (var events : partitions) {
            for (var i = 1; i < events.size(); i++) {
                assertThat(events.get(i).at())
                        .as(events.get(i - 1) + " stands before " + events.get(i))
                        .isAfter(events.get(i - 1).at().minusMillis(500));
            }
        }
    }

    private static List<Integer> numbers(List<List<Published>> partitions) {
        return partitions.stream()
                .flatMap(List::stream)
                .map(Published::number)
                .sorted()
                .toList();
    }

    private static double percentile(List<Double> values, int percent) {
        var sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get((sorted.size() - 1) * percent / 100);
    }

    private static String figures(List<Double> values) {
        return "%.1f/%.1f/%.1f".formatted(percentile(values, 50), percentile(values, 99), percentile(values, 100));
    }
}
