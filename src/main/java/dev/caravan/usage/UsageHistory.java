package dev.caravan.usage;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The usage topic from some time on, up to where it ended when this was opened; it belongs to no consumer group and leaves
 * no trace in Kafka. For one thread at a time. A Kafka that refuses is an exception of its client; one that is away gives
 * empty batches.
 */
public final class UsageHistory implements AutoCloseable {

    /** The topic of all usage events. */
    public static final String TOPIC = "caravan.usage";

    private static final Logger LOG = LoggerFactory.getLogger(UsageHistory.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final int BATCH = 2000;

    /** A record is younger than its event, but for clocks that are set: so much they may differ. */
    private static final Duration CLOCKS = Duration.ofHours(1);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final @Nullable Instant from;
    private final Map<TopicPartition, Long> starts = new HashMap<>();
    private final Map<TopicPartition, Long> ends;

    private UsageHistory(KafkaConsumer<byte[], byte[]> consumer, String topic, @Nullable Instant from) {
        this.consumer = consumer;
        this.from = from;
        var partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        ends = consumer.endOffsets(partitions);
        var beginnings = consumer.beginningOffsets(partitions);
        var placed = from == null ? Map.<TopicPartition, OffsetAndTimestamp>of() : placed(partitions, from);
        for (var partition : partitions) {
            long beginning = beginnings.getOrDefault(partition, 0L);
            long end = ends.getOrDefault(partition, 0L);
            var at = placed.get(partition);
            long start = from == null ? beginning : at == null ? end : at.offset();
            if (beginning > 0 && start == beginning) {
                throw new IllegalStateException(
                        "The usage topic has lost its oldest events (%s begins at offset %d), so sums of that time would come out too small. Give a later 'from', since which nothing was lost."
                                .formatted(partition, beginning));
            }
            starts.put(partition, start);
            consumer.seek(partition, start);
        }
    }

    /**
     * Opens it.
     *
     * @param kafka settings of the client, such as {@code bootstrap.servers}
     * @param from events that ended before are left out; null: none are
     * @throws IllegalStateException if Kafka has deleted records that may be of the time that is asked for
     */
    public static UsageHistory open(Map<String, Object> kafka, String topic, @Nullable Instant from) {
        var settings = new HashMap<>(kafka);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, BATCH);
        settings.put(ConsumerConfig.CLIENT_ID_CONFIG, "caravan.usage.replay");
        var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        try {
            return new UsageHistory(consumer, topic, from);
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    /** Whether there is more to read. */
    public boolean behind() {
        return ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue());
    }

    /** The next events, in the order of each partition; empty if none came within half a second. */
    public List<UsageEvent> next() {
        var events = new ArrayList<UsageEvent>();
        for (var record : consumer.poll(POLL)) {
            parse(record.value())
                    .filter(event -> from == null || !event.timestamp().isBefore(from))
                    .ifPresent(events::add);
        }
        return events;
    }

    /** How many records were read. */
    public long read() {
        return starts.entrySet().stream()
                .mapToLong(start -> Math.min(consumer.position(start.getKey()), ends.getOrDefault(start.getKey(), 0L))
                        - start.getValue())
                .sum();
    }

    /** How many records there are to read. */
    public long total() {
        return starts.entrySet().stream()
                .mapToLong(start -> ends.getOrDefault(start.getKey(), 0L) - start.getValue())
                .sum();
    }

    /** The event of a record's value. One that is none is told in the log and passed over. */
    public static Optional<UsageEvent> parse(byte @Nullable [] value) {
        if (value == null) {
            return Optional.empty();
        }
        return switch (UsageEvent.parse(value)) {
            case Parsed.Valid<UsageEvent>(var event) -> Optional.of(event);
            case Parsed.Invalid<UsageEvent>(var error) -> {
                LOG.error("A record of the usage topic is no usage event and was passed over: {}", error.message());
                yield Optional.empty();
            }
        };
    }

    @Override
    public void close() {
        consumer.close();
    }

    private Map<TopicPartition, OffsetAndTimestamp> placed(List<TopicPartition> partitions, Instant since) {
        var times = new HashMap<TopicPartition, Long>();
        partitions.forEach(partition -> times.put(partition, since.minus(CLOCKS).toEpochMilli()));
        return consumer.offsetsForTimes(times);
    }
}
