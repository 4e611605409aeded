package dev.caravan.chaos;

import static dev.caravan.testing.JobTopics.utf8;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Somebody who sends jobs through whatever happens, with Kafka's own client, and counts what is on the topics in the end. */
final class Batch implements AutoCloseable {

    /**
     * What came of it.
     *
     * @param requests that Kafka has acknowledged
     * @param answered of these
     * @param wrong responses that are errors, or not the answer to their request
     * @param repeated responses that came again
     * @param unlike of those, how many differ from the first in a byte
     */
    record Count(int requests, int answered, int wrong, int repeated, int unlike) {}

    private final Map<String, Object> kafka;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Set<String> sent = ConcurrentHashMap.newKeySet();
    private final AtomicInteger failed = new AtomicInteger();
    private final Map<TopicPartition, Long> begin;

    Batch(String bootstrapServers) {
        kafka = Map.of("bootstrap.servers", bootstrapServers);
        producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "delivery.timeout.ms",
                        600_000,
                        "max.block.ms",
                        600_000,
                        "max.in.flight.requests.per.connection", // else KAFKA-15591 may hold one up, the topics being
                        // new
                        1,
                        "max.request.size",
                        11 * 1024 * 1024),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        try (var consumer = consumer()) {
            begin = Map.copyOf(consumer.endOffsets(partitions(consumer)));
        }
    }

    /** Sends a job whose id is its question; Kafka chooses the partition. */
    void send(String model, String id) {
        sendBody(id, """
                {"model":"%s","messages":[{"role":"user","content":"%s"}]}""".formatted(model, id));
    }

    /** The same with a body of so many bytes more. */
    void send(String model, String id, int more) {
        sendBody(id, """
                {"model":"%s","messages":[{"role":"user","content":"%s"}],"user":"%s"}""".formatted(model, id, "x".repeat(more)));
    }

    /** Sends a job with a body of one's own. */
    void sendBody(String id, @Nullable String body) {
        var record = new ProducerRecord<>("caravan.requests", utf8(id), body == null ? null : utf8(body));
        record.headers().add("ce_id", utf8(id));
        producer.send(record, (_, failure) -> {
            if (failure == null) {
                sent.add(id);
            } else {
                failed.incrementAndGet();
            }
        });
    }

    /** Returns when Kafka has all that was sent. */
    Batch flush() {
        producer.flush();
        if (failed.get() > 0) {
            throw new IllegalStateException(failed + " requests could not be sent");
        }
        return this;
    }

    /** The requests that are not answered yet. */
    Set<String> unanswered() {
        var left = new HashSet<>(sent);
        responses().forEach(each -> left.remove(each.id()));
        return left;
    }

    /** Counts what is on the topic of responses now. */
    Count count() {
        var first = new HashMap<String, Seen>();
        var wrong = 0;
        var repeated = 0;
        var unlike = 0;
        for (var response : responses()) {
            var before = first.putIfAbsent(response.id(), response);
            if (before != null) {
                repeated++;
                unlike += before.equals(response) ? 0 : 1;
            } else if (!response.right()) {
                wrong++;
            }
        }
        first.keySet().retainAll(sent);
        return new Count(sent.size(), first.size(), wrong, repeated, unlike);
    }

    /** @param bytes a digest of key, value and headers */
    private record Seen(String id, boolean right, String bytes) {}

    private List<Seen> responses() {
        var responses = new ArrayList<Seen>();
        try (var consumer = consumer()) {
            var partitions = partitions(consumer);
            consumer.assign(partitions);
            begin.forEach(consumer::seek);
            var ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(each -> consumer.position(each) < requireNonNull(ends.get(each)))) {
                for (var record : consumer.poll(Duration.ofMillis(100))) {
                    var id = new String(record.headers().lastHeader("ce_id").value(), UTF_8);
                    var value = new String(record.value(), UTF_8);
                    var headers = new StringBuilder();
                    record.headers()
                            .forEach(header -> headers.append(header.key())
                                    .append('=')
                                    .append(Arrays.hashCode(header.value()))
                                    .append(' '));
                    responses.add(new Seen(
                            id,
                            value.contains("\"status\":\"ok\"") && value.contains("\"re " + id + "\""),
                            headers.toString() + Arrays.hashCode(record.key()) + " " + value));
                }
            }
        }
        return responses;
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(kafka, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer) {
        return consumer.partitionsFor("caravan.responses").stream()
                .map(each -> new TopicPartition(each.topic(), each.partition()))
                .toList();
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}
