package dev.caravan.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Whether a process that has died had published a response before it could say so: looked up on the topic, from the time on
 * when the response was stored. What one look has read serves all who ask for what had died before it. Thread-safe.
 */
public final class PublishedResponses {

    /** Clocks of two machines, and seconds that were cut off. */
    private static final Duration MARGIN = Duration.ofSeconds(10);

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration READ_WITHIN = Duration.ofSeconds(20);

    /** With more than this it is cheaper to publish some again, which is allowed. */
    private static final int MOST = 500_000;

    private record Look(Instant from, long beganNanos, Set<String> responses) {}

    private final Map<String, Object> kafka;

    // guarded by this
    private final Map<String, Look> looks = new HashMap<>();

    /** @param kafka settings of every client, such as {@code bootstrap.servers} */
    public PublishedResponses(Map<String, Object> kafka) {
        this.kafka = Map.copyOf(kafka);
    }

    /**
     * Whether the response is on the topic.
     *
     * @param since when it was stored
     * @param takenNanos when it was taken over from the dead, as {@link System#nanoTime}
     */
    public synchronized boolean contains(String topic, JobResponse response, Instant since, long takenNanos) {
        var look = looks.get(topic);
        if (look == null || look.from().isAfter(since) || look.beganNanos() - takenNanos < 0) {
            look = read(topic, since.minus(MARGIN));
            looks.put(topic, look);
        }
        return look.responses()
                .contains(name(
                        response.headers().get(JobRequest.ID),
                        response.headers().get("ce_time")));
    }

    /** Frees the memory of what nobody has asked for lately. */
    public synchronized void forget() {
        looks.values()
                .removeIf(look -> System.nanoTime() - look.beganNanos()
                        > Duration.ofMinutes(1).toNanos());
    }

    private Look read(String topic, Instant from) {
        var began = System.nanoTime();
        var found = new HashSet<String>();
        var settings = new HashMap<>(kafka);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            var ends = seek(consumer, topic, from);
            while (ends.entrySet().stream().anyMatch(each -> consumer.position(each.getKey()) < each.getValue())) {
                for (var record : consumer.poll(POLL)) {
                    found.add(name(value(record.headers(), JobRequest.ID), value(record.headers(), "ce_time")));
                }
                if (found.size() > MOST || System.nanoTime() - began > READ_WITHIN.toNanos()) {
                    break;
                }
            }
        }
        return new Look(from, began, found);
    }

    /** Goes to the first record of that time or later in each partition; gives where they end. */
    private static Map<TopicPartition, Long> seek(KafkaConsumer<byte[], byte[]> consumer, String topic, Instant from) {
        var times = new HashMap<TopicPartition, Long>();
        consumer.partitionsFor(topic)
                .forEach(each -> times.put(new TopicPartition(topic, each.partition()), from.toEpochMilli()));
        consumer.assign(times.keySet());
        var ends = consumer.endOffsets(times.keySet());
        consumer.offsetsForTimes(times).forEach((partition, first) -> {
            if (first == null) {
                consumer.seek(partition, ends.getOrDefault(partition, 0L));
            } else {
                consumer.seek(partition, first.offset());
            }
        });
        return ends;
    }

    /** A replayed request has the id of its first response, and another time. */
    private static String name(byte @Nullable [] id, byte @Nullable [] time) {
        return text(id) + " " + text(time);
    }

    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? "" : new String(bytes, UTF_8);
    }

    private static byte @Nullable [] value(Headers headers, String name) {
        var header = headers.lastHeader(name);
        return header == null ? null : header.value();
    }
}
