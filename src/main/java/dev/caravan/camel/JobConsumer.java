package dev.caravan.camel;

import static java.util.stream.Collectors.toMap;

import dev.caravan.jobs.OffsetWindow;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * A consumer that hands out records faster than they are finished: it lets each into the window, asks for no more while
 * that is full, and commits what is finished up to the first gap. Camel polls it on one thread; all happens there.
 */
final class JobConsumer extends KafkaConsumer<byte[], byte[]> {

    private static final Logger LOG = LoggerFactory.getLogger(JobConsumer.class);

    /** How soon a finished record is noticed. Idle, a poll lasts as long as Camel asks. */
    private static final Duration WHILE_WORKING = Duration.ofMillis(25);

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration LAST_COMMIT = Duration.ofSeconds(5);

    private final OffsetWindow window;
    private boolean heldByCamel;
    private boolean committing;
    private long commitAgainAt = System.nanoTime();

    JobConsumer(Properties settings, OffsetWindow window) {
        super(settings);
        this.window = window;
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        commitFinished();
        if (heldByCamel || window.full()) {
            super.pause(assignment());
        } else {
            super.resume(paused());
        }
        var working = window.inFlight() > 0 && timeout.compareTo(WHILE_WORKING) > 0;
        var records = pollGently(working ? WHILE_WORKING : timeout);
        if (window.closed()) {
            return ConsumerRecords.empty();
        }
        // Here and not in the route: a record that the route never sees must hold its offset too.
        records.forEach(record ->
                window.begin(new TopicPartition(record.topic(), record.partition()), record.offset(), size(record)));
        return records;
    }

    /** Called by Camel when the route is suspended; a full window pauses on its own. */
    @Override
    public void pause(Collection<TopicPartition> partitions) {
        heldByCamel = true;
        super.pause(partitions);
    }

    @Override
    public void resume(Collection<TopicPartition> partitions) {
        heldByCamel = false;
        super.resume(partitions);
    }

    /**
     * Stays where it is. Camel goes back to the committed offset when a suspended route is resumed, and one record ahead
     * after some errors: the one would repeat what is in the window, the other lose a request.
     */
    @Override
    public void seek(TopicPartition partition, long offset) {
        LOG.debug("Not moved to offset {} of {}", offset, partition);
    }

    @Override
    public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
        super.subscribe(topics, new Rebalances(listener));
    }

    private ConsumerRecords<byte[], byte[]> pollGently(Duration timeout) {
        try {
            return super.poll(timeout);
        } catch (WakeupException | InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            // Camel polls again at once, and what is wrong (a missing right, say) may be so for long.
            LockSupport.parkNanos(AFTER_FAILURE.toNanos());
            throw e;
        }
    }

    private void commitFinished() {
        if (committing || System.nanoTime() - commitAgainAt < 0) {
            return;
        }
        var offsets = window.committable(assignment());
        if (offsets.isEmpty()) {
            return;
        }
        committing = true;
        commitAsync(metadata(offsets), (done, failure) -> {
            committing = false;
            if (failure == null) {
                window.committed(offsets);
            } else {
                commitAgainAt = System.nanoTime() + AFTER_FAILURE.toNanos();
                var usual = failure instanceof RebalanceInProgressException;
                LOG.atLevel(usual ? Level.DEBUG : Level.WARN)
                        .log(
                                "Finished offsets {} are not committed, will try again: {}",
                                offsets,
                                failure.getMessage());
            }
        });
    }

    private static Map<TopicPartition, OffsetAndMetadata> metadata(Map<TopicPartition, Long> offsets) {
        return offsets.entrySet().stream().collect(toMap(Map.Entry::getKey, e -> new OffsetAndMetadata(e.getValue())));
    }

    private static int size(ConsumerRecord<byte[], byte[]> record) {
        return Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
    }

    /** Unsubscribing and closing revoke too, so that what is finished by then is committed. */
    private final class Rebalances implements ConsumerRebalanceListener {

        private final ConsumerRebalanceListener camel;

        Rebalances(ConsumerRebalanceListener camel) {
            this.camel = camel;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            LOG.info("Takes jobs from {} partitions", partitions.size());
            camel.onPartitionsAssigned(partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            commitLast(partitions);
            window.drop(partitions);
            camel.onPartitionsRevoked(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            LOG.warn(
                    "Lost {} to another instance: what is being asked is answered by this one, the rest by that one",
                    partitions);
            window.drop(partitions);
            camel.onPartitionsLost(partitions);
        }

        private void commitLast(Collection<TopicPartition> partitions) {
            var offsets = window.committable(partitions);
            if (offsets.isEmpty()) {
                return;
            }
            try {
                commitSync(metadata(offsets), LAST_COMMIT);
            } catch (KafkaException e) {
                LOG.warn("Finished offsets {} are not committed and will be done again: {}", offsets, e.getMessage());
            }
        }
    }
}
