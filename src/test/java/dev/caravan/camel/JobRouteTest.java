package dev.caravan.camel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.chat.Cancellation;
import dev.caravan.embedded.EmbeddedKafka;
import dev.caravan.jobs.JobRequest;
import dev.caravan.jobs.JobResponse;
import dev.caravan.jobs.OffsetWindow;
import dev.caravan.jobs.TopicSpec;
import dev.caravan.jobs.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.apache.camel.support.service.ServiceHelper;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobRouteTest {

    private static final TopicPartition REQUESTS = new TopicPartition("caravan.requests", 0);

    @TempDir
    private static Path data;

    @TempDir
    private static Path folder;

    private static EmbeddedKafka kafka;
    private static DataSource database;
    private static Admin admin;
    private static Topics topics;
    private static KafkaProducer<byte[], byte[]> producer;

    private KafkaConsumer<byte[], byte[]> responses;

    @BeforeAll
    static void startKafka() {
        kafka = EmbeddedKafka.start(data, 0, fault -> {});
        Map<String, Object> client = Map.of("bootstrap.servers", kafka.bootstrapServers());
        admin = Admin.create(client);
        topics = new Topics(admin);
        database = JobCamel.database(folder);
        topics.create(TopicSpec.read(Path.of("kafka/topics.yaml")));
        producer = new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @AfterAll
    static void stopKafka() {
        producer.close();
        admin.close();
        kafka.close();
    }

    @BeforeEach
    void listen() {
        Map<String, Object> settings = Map.of("bootstrap.servers", kafka.bootstrapServers());
        responses = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        var partitions = responses.partitionsFor("caravan.responses").stream()
                .map(p -> new TopicPartition(p.topic(), p.partition()))
                .toList();
        responses.assign(partitions);
        responses.seekToEnd(partitions);
        partitions.forEach(responses::position);
    }

    @AfterEach
    void stopListening() {
        responses.close();
    }

    @Test
    @DisplayName("F1 F4 1,000 jobs of one second on one partition are answered in under 15 s, each once")
    void answersManySlowJobs() throws Exception {
        var before = committed();
        IntStream.range(0, 1000).forEach(i -> send("slow-" + i));
        producer.flush();
        var start = System.nanoTime();
        try (var camel = start(new OffsetWindow(250, 64 << 20), request -> {
            new Cancellation().pause(Duration.ofSeconds(1));
            return answer(request);
        })) {
            var ids = idsOf(receive(1000));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
            assertThat(ids).doesNotHaveDuplicates().hasSize(1000);
            awaitCommitted(before + 1000);
            assertThat(camel.window.inFlight()).isZero();
        }
    }

    @Test
    @DisplayName(
            "F4 the committed offset follows the lowest unfinished job, and a restart does the unfinished ones again")
    void redeliversUnfinishedAfterRestart() throws Exception {
        var before = committed();
        var stuck = "restart-2";
        IntStream.range(0, 5).forEach(i -> send("restart-" + i));
        var never = new CountDownLatch(1);
        try (var camel = start(new OffsetWindow(100, 1 << 20), request -> {
            if (request.id().equals(stuck)) {
                awaitLatch(never);
            }
            return answer(request);
        })) {
            assertThat(idsOf(receive(4))).doesNotContain(stuck);
            awaitCommitted(before + 2);
            assertThat(camel.window.inFlight()).isEqualTo(1);
        }
        assertThat(committed()).isEqualTo(before + 2);

        Set<String> again = ConcurrentHashMap.newKeySet();
        try (var camel = start(new OffsetWindow(100, 1 << 20), request -> {
            again.add(request.id());
            return answer(request);
        })) {
            awaitCommitted(before + 5);
            assertThat(again).as("what is published is not asked again").containsExactly(stuck);
            assertThat(camel.window.inFlight()).isZero();
        }
        never.countDown();
    }

    @Test
    @DisplayName("F5 the response has the raw key and headers of its request, and goes nowhere else")
    void answersWithKeyAndHeaders() throws Exception {
        byte[] raw = {1, (byte) 0xff, 0};
        var request = new ProducerRecord<>("caravan.requests", 0, raw, utf8("{\"model\":\"sim-echo\"}"));
        request.headers()
                .add(new RecordHeader("ce_id", utf8("id-1")))
                .add(new RecordHeader("kafka_correlationId", raw))
                .add(new RecordHeader("correlation-id", utf8("c-1")))
                .add(new RecordHeader("kafka.OVERRIDE_TOPIC", utf8("caravan.usage")))
                .add(new RecordHeader("CamelKafkaTopic", utf8("caravan.usage")))
                .add(new RecordHeader("x-other", null));
        producer.send(request).get();
        try (var camel = start(new OffsetWindow(100, 1 << 20), JobRouteTest::answer)) {
            var response = receive(1).getFirst();
            assertThat(response.key()).isEqualTo(raw);
            assertThat(new String(response.value(), UTF_8))
                    .isEqualTo(
                            "{\"id\":\"id-1\",\"status\":\"ok\",\"response\":{\"echo\":true},\"error\":null,\"attempts\":1}");
            assertThat(response.headers().lastHeader("kafka_correlationId").value())
                    .isEqualTo(raw);
            assertThat(response.headers().toArray())
                    .extracting(header -> header.key())
                    .containsExactlyInAnyOrder(
                            "ce_specversion",
                            "ce_id",
                            "ce_type",
                            "ce_source",
                            "ce_time",
                            "content-type",
                            "correlation-id",
                            "kafka_correlationId");
        }
    }

    @Test
    @DisplayName("F4 a record without key and id is known by where it stands; one without value is answered too")
    void answersKeylessRecordAndTombstone() throws Exception {
        var place = producer.send(new ProducerRecord<>("caravan.requests", 0, null, utf8("{}")))
                .get();
        producer.send(new ProducerRecord<>("caravan.requests", 0, utf8("tomb"), null))
                .get();
        try (var camel = start(new OffsetWindow(100, 1 << 20), JobRouteTest::answer)) {
            assertThat(idsOf(receive(2)))
                    .contains(topics.id("caravan.requests") + ":0:" + place.offset())
                    .anyMatch(id -> id.startsWith("tomb:"));
        }
    }

    @Test
    @DisplayName(
            "F4 a full window takes no more until there is room; a suspended consumer takes none, and repeats none")
    void pausesWhenFullOrSuspended() throws Exception {
        var before = committed();
        var gate = new CountDownLatch(1);
        Set<String> begun = ConcurrentHashMap.newKeySet();
        try (var camel = start(new OffsetWindow(1, 1 << 20), request -> {
            assertThat(begun.add(request.id())).isTrue();
            awaitLatch(gate);
            return answer(request);
        })) {
            send("first");
            await().until(() -> begun.contains("first"));
            send("second");
            // Not the route: Camel would wait for the job first
            var consumer = camel.context.getRoute("jobs.requests").getConsumer();
            ServiceHelper.suspendService(consumer);
            gate.countDown();
            awaitCommitted(before + 1);
            assertThat(begun).containsExactly("first");
            ServiceHelper.resumeService(consumer);
            awaitCommitted(before + 2);
            assertThat(begun).containsExactlyInAnyOrder("first", "second");
        }
    }

    @Test
    @DisplayName("F4 an id that comes a hundred times, at once and afterwards, is asked once and answered once")
    void answersDuplicatesOnce() throws Exception {
        var before = committed();
        Set<String> asked = ConcurrentHashMap.newKeySet();
        IntStream.range(0, 50).forEach(_ -> send("again"));
        send("last");
        try (var camel = start(new OffsetWindow(100, 1 << 20), request -> {
            assertThat(asked.add(request.id())).isTrue();
            new Cancellation().pause(Duration.ofMillis(200));
            return answer(request);
        })) {
            awaitCommitted(before + 51);
            IntStream.range(0, 50).forEach(_ -> send("again"));
            awaitCommitted(before + 101);
            assertThat(idsOf(receive(2))).containsExactlyInAnyOrder("again", "last");
            assertThat(receiveFor(Duration.ofMillis(300))).isEmpty();
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> receiveFor(Duration time) {
        var got = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        responses.poll(time).forEach(got::add);
        return got;
    }

    private static JobCamel start(OffsetWindow window, Function<JobRequest, JobResponse> answer) throws Exception {
        return new JobCamel(kafka.bootstrapServers(), topics, database, "node", window, answer);
    }

    private static JobResponse answer(JobRequest request) {
        return JobResponse.ok(request, utf8("{\"echo\":true}"), 1, Instant.now());
    }

    private static void send(String id) {
        var record = new ProducerRecord<>("caravan.requests", 0, utf8(id), utf8("{}"));
        record.headers().add("ce_id", utf8(id));
        producer.send(record);
    }

    private List<ConsumerRecord<byte[], byte[]>> receive(int count) {
        var got = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(1))
                .until(() -> {
                    responses.poll(Duration.ofMillis(100)).forEach(got::add);
                    return got.size() >= count;
                });
        return got;
    }

    private static List<String> idsOf(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream()
                .map(record -> new String(record.headers().lastHeader("ce_id").value(), UTF_8))
                .toList();
    }

    private static void awaitCommitted(long offset) {
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(committed()).isEqualTo(offset));
    }

    private static long committed() throws Exception {
        var offset = admin.listConsumerGroupOffsets("caravan.jobs")
                .partitionsToOffsetAndMetadata()
                .get()
                .get(REQUESTS);
        return offset == null ? 0 : offset.offset();
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }
}
