package dev.caravan.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** The dead letters, as an operator reads them and sends them again. Each call reads the topic. Thread-safe. */
public final class DeadLetters {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration READ_WITHIN = Duration.ofSeconds(60);
    private static final int LARGEST_RECORD = 12 * 1024 * 1024;
    private static final int AT_ONCE = 500;

    /**
     * Which are meant; null does not restrict.
     *
     * @param ids ids of requests
     * @param errorCode code of the error that the caller got
     * @param since given up at this time or later
     * @param until given up before this time
     */
    public record Query(
            @Nullable Set<String> ids,
            @Nullable String errorCode,
            @Nullable Instant since,
            @Nullable Instant until) {

        private boolean means(DeadLetter letter) {
            return (ids == null || ids.contains(letter.id()))
                    && (errorCode == null || errorCode.equals(letter.errorCode()))
                    && (since == null || !letter.diedAt().isBefore(since))
                    && (until == null || letter.diedAt().isBefore(until));
        }
    }

    /**
     * Some of them.
     *
     * @param letters newest first
     * @param states how their requests stand by now, by id; those that are forgotten are left out
     * @param total how many there are in all
     */
    public record Page(List<DeadLetter> letters, Map<String, ClaimStore.State> states, long total) {}

    /**
     * What came of sending again.
     *
     * @param replayed requests that were sent again
     * @param skipped requests that were not, since they were answered or are being worked on
     */
    public record Replayed(int replayed, int skipped) {}

    private final Map<String, Object> kafka;
    private final ClaimStore claims;

    /** @param kafka settings of every client, such as {@code bootstrap.servers} */
    public DeadLetters(Map<String, Object> kafka, ClaimStore claims) {
        this.kafka = Map.copyOf(kafka);
        this.claims = claims;
    }

    /**
     * Finds some.
     *
     * @param page from 1
     */
    public Page find(Query query, int page, int pageSize) {
        var newest = new ArrayDeque<DeadLetter>();
        var total = new long[1];
        var wanted = (long) page * pageSize;
        read(query, (_, letter) -> {
            total[0]++;
            newest.addFirst(letter);
            if (newest.size() > wanted) {
                newest.removeLast();
            }
        });
        var letters = newest.stream().skip((page - 1L) * pageSize).toList();
        var states = new HashMap<String, ClaimStore.State>();
        var found = claims.states(
                letters.stream().map(DeadLetters::claimId).distinct().toList());
        letters.forEach(letter -> {
            var state = found.get(claimId(letter));
            if (state != null) {
                states.put(letter.id(), state);
            }
        });
        return new Page(letters, states, total[0]);
    }

    /** Sends requests again, each once, as they were and under their ids; they are tried as often as new ones. */
    public Replayed replay(Query query) {
        var seen = new HashSet<String>();
        var counts = new int[2];
        var sent = new ArrayList<Future<?>>();
        try (var producer = new KafkaProducer<>(
                with(Map.of(
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        LARGEST_RECORD,
                        ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                        1)), // as in the routes: of more, the first to a new partition may be refused for ever
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            read(query, (record, letter) -> {
                if (seen.add(letter.id())) {
                    var revived = claims.revive(claimId(letter));
                    counts[revived ? 0 : 1]++;
                    if (revived) {
                        sent.add(producer.send(DeadLetter.replay(record, letter)));
                    }
                    if (sent.size() >= AT_ONCE) {
                        await(sent);
                    }
                }
            });
            await(sent);
        }
        return new Replayed(counts[0], counts[1]);
    }

    private static UUID claimId(DeadLetter letter) {
        return Sha.shortened(letter.id().getBytes(UTF_8));
    }

    private static void await(Collection<Future<?>> sent) {
        for (var each : sent) {
            try {
                each.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("Not all could be sent again; call once more: " + e.getMessage(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while sending again", e);
            }
        }
        sent.clear();
    }

    /** Reads to where the topic ends now, in the order of its records. */
    private void read(Query query, BiConsumer<ConsumerRecord<byte[], byte[]>, DeadLetter> each) {
        try (var consumer = new KafkaConsumer<>(
                with(Map.of(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false)),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            var partitions = consumer.partitionsFor(DeadLetter.TOPIC).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            seek(consumer, partitions, query.since());
            var ends = consumer.endOffsets(partitions);
            var deadline = System.nanoTime() + READ_WITHIN.toNanos();
            while (partitions.stream().anyMatch(at -> consumer.position(at) < ends.getOrDefault(at, 0L))) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("The dead letters could not be read within "
                            + READ_WITHIN.toSeconds() + " s; ask for those since a later time.");
                }
                for (var record : consumer.poll(POLL)) {
                    var letter = DeadLetter.of(record);
                    if (letter != null && query.means(letter)) {
                        each.accept(record, letter);
                    }
                }
            }
        }
    }

    private static void seek(
            KafkaConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions, @Nullable Instant since) {
        if (since == null) {
            consumer.seekToBeginning(partitions);
            return;
        }
        var times = new HashMap<TopicPartition, Long>();
        partitions.forEach(partition -> times.put(partition, since.toEpochMilli()));
        consumer.offsetsForTimes(times).forEach((partition, offset) -> {
            if (offset == null) {
                consumer.seekToEnd(Collections.singleton(partition));
            } else {
                consumer.seek(partition, offset.offset());
            }
        });
    }

    private Map<String, Object> with(Map<String, Object> more) {
        var all = new HashMap<>(kafka);
        all.putAll(more);
        return all;
    }
}
