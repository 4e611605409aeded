package dev.caravan.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;

import dev.caravan.jobs.TopicSpec;
import dev.caravan.jobs.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;

/** Someone who sends jobs and reads what answers them, from the moment this was made. For one thread. */
public final class JobTopics implements AutoCloseable {

    public static final String REQUESTS = "caravan.requests";
    public static final String RESPONSES = "caravan.responses";

    private final Map<String, Object> settings;
    private final Admin admin;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;

    public JobTopics(String bootstrapServers) {
        settings = Map.of("bootstrap.servers", bootstrapServers);
        admin = Admin.create(settings);
        producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        var partitions = consumer.partitionsFor(RESPONSES).stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
    }

    /** A request record for partition 0 that answers to {@code id}. */
    public static ProducerRecord<byte[], byte[]> job(String id, String json) {
        var record = record(utf8(id), json);
        record.headers().add("ce_id", utf8(id));
        return record;
    }

    /** A request record for partition 0 without headers. */
    public static ProducerRecord<byte[], byte[]> record(byte[] key, String json) {
        return new ProducerRecord<>(REQUESTS, 0, key, utf8(json));
    }

    /** Sends a record, and returns its offset when Kafka has it. */
    public long send(ProducerRecord<byte[], byte[]> record) {
        try {
            return producer.send(record).get().offset();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Sends records, and returns when Kafka has them. */
    public void sendAll(List<ProducerRecord<byte[], byte[]>> records) {
        records.forEach(producer::send);
        producer.flush();
    }

    /** Reads responses until there are so many. */
    public List<ConsumerRecord<byte[], byte[]>> receive(int count, Duration within) {
        return receiveUntil(responses -> responses.size() >= count, within);
    }

    /** Reads responses until those read by this call are enough. */
    public List<ConsumerRecord<byte[], byte[]>> receiveUntil(
            Predicate<List<ConsumerRecord<byte[], byte[]>>> enough, Duration within) {
        var responses = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        await("responses")
                .atMost(within)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> {
                    consumer.poll(Duration.ofMillis(50)).forEach(responses::add);
                    return enough.test(responses);
                });
        return responses;
    }

    /** Reads responses until there are so many that are meant; the others are passed over. */
    public List<ConsumerRecord<byte[], byte[]>> receive(
            int count, Predicate<ConsumerRecord<byte[], byte[]>> meant, Duration within) {
        return receiveUntil(all -> all.stream().filter(meant).count() >= count, within).stream()
                .filter(meant)
                .toList();
    }

    /** All records of a topic, up to now, whose {@code ce_id} is {@code id}. */
    public List<ConsumerRecord<byte[], byte[]>> records(String topic, String id) {
        var found = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        try (var reader = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            var partitions = reader.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
            var ends = reader.endOffsets(partitions);
            while (partitions.stream().anyMatch(each -> reader.position(each) < requireNonNull(ends.get(each)))) {
                for (var record : reader.poll(Duration.ofMillis(50))) {
                    if (header(record, "ce_id").equals(id)) {
                        found.add(record);
                    }
                }
            }
        }
        return found;
    }

    /** Waits for a record of a topic whose {@code ce_id} is {@code id}. */
    public ConsumerRecord<byte[], byte[]> awaitRecord(String topic, String id, Duration within) {
        return Awaitility.await()
                .atMost(within)
                .until(() -> records(topic, id), found -> !found.isEmpty())
                .getFirst();
    }

    /** Makes a topic of one partition, and returns when it can be used. */
    public void create(String topic) {
        new Topics(admin).create(List.of(new TopicSpec(topic, 1, (short) 1, Map.of())));
    }

    /** Where the broker would go on reading partition 0 of the requests. */
    public long committed() {
        try {
            var offsets = admin.listConsumerGroupOffsets("caravan.jobs")
                    .partitionsToOffsetAndMetadata()
                    .get();
            return requireNonNull(offsets.get(new TopicPartition(REQUESTS, 0))).offset();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Where the next record on partition 0 of the requests will stand. */
    public long end() {
        var partition = new TopicPartition(REQUESTS, 0);
        try {
            return admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                    .partitionResult(partition)
                    .get()
                    .offset();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** The id that the cluster gave the topic of requests. */
    public Uuid requestsId() {
        try {
            var topics = admin.describeTopics(List.of(REQUESTS)).allTopicNames().get();
            return requireNonNull(topics.get(REQUESTS)).topicId();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** A header as text. */
    public static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }

    /** The {@code ce_id}s. */
    public static List<String> ids(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream().map(record -> header(record, "ce_id")).toList();
    }

    public static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
        consumer.close();
        admin.close(Duration.ZERO);
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException(e);
    }
}
