package dev.caravan.testing;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The usage events of the shared broker, read from their topic. */
public final class UsageTopic {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, JsonNode> BY_REQUEST = new HashMap<>();
    private static final KafkaConsumer<byte[], byte[]> CONSUMER = open();

    private UsageTopic() {}

    /** Waits for the event of a request. */
    public static synchronized JsonNode eventOf(String requestId) {
        await().atMost(Duration.ofSeconds(10)).until(() -> {
            for (var each : CONSUMER.poll(Duration.ofMillis(50))) {
                var event = parse(each.value());
                BY_REQUEST.put(event.path("request_id").asText(), event);
            }
            return BY_REQUEST.containsKey(requestId);
        });
        return Objects.requireNonNull(BY_REQUEST.get(requestId));
    }

    private static KafkaConsumer<byte[], byte[]> open() {
        var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", RunningBroker.shared().kafka()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        var partitions = consumer.partitionsFor("caravan.usage").stream()
                .map(each -> new TopicPartition(each.topic(), each.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return consumer;
    }

    private static JsonNode parse(byte[] value) {
        try {
            return JSON.readTree(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
