package dev.caravan.camel;

import dev.caravan.jobs.OffsetWindow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Properties;
import java.util.concurrent.Future;
import org.apache.camel.component.kafka.DefaultKafkaClientFactory;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * The Kafka clients of the job routes, named there by {@code kafkaClientFactory}: consumers whose offsets follow an
 * {@link OffsetWindow}, and producers that may try for ever and yet can be stopped, which the other routes use as well.
 * Thread-safe.
 *
 * <p>camel-kafka gives a lone factory in the registry to every endpoint. Consumers that finish no tickets would then come
 * to a halt: {@code camel.component.kafka.autowired-enabled=false} is a must.
 */
public final class JobClientFactory extends DefaultKafkaClientFactory {

    private static final Duration PRODUCER_CLOSE = Duration.ofSeconds(5);

    private final OffsetWindow window;

    /** A factory whose consumers all share one window. */
    public JobClientFactory(OffsetWindow window) {
        this.window = window;
    }

    @Override
    @SuppressWarnings("rawtypes") // as camel-kafka declares it
    public Consumer getConsumer(Properties settings) {
        return new JobConsumer(settings, window);
    }

    /** Headers that Camel was to leave alone get the names they had. */
    private static ProducerRecord<byte[], byte[]> withItsHeaders(ProducerRecord<byte[], byte[]> record) {
        var headers = new ArrayList<Header>();
        for (var header : record.headers()) {
            headers.add(
                    header.key().startsWith(JobRecords.AS_IT_IS)
                            ? new RecordHeader(header.key().substring(JobRecords.AS_IT_IS.length()), header.value())
                            : header);
        }
        return new ProducerRecord<>(
                record.topic(), record.partition(), record.timestamp(), record.key(), record.value(), headers);
    }

    /**
     * One request at a time is on its way to a node of Kafka. With several, the first one to a partition that was made a moment
     * ago may come before its leader knows of it, and the second one after that: Kafka takes that, and then refuses the first as out
     * of order, however often it is tried (KAFKA-15591).
     */
    @Override
    @SuppressWarnings("rawtypes") // as camel-kafka declares it
    public Producer getProducer(Properties settings) {
        settings.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        return new KafkaProducer<byte[], byte[]>(settings) {

            @Override
            public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {
                return super.send(withItsHeaders(record), callback);
            }

            /** Camel closes without a limit, which lasts as long as the delivery timeout while Kafka is away. */
            @Override
            public void close() {
                close(PRODUCER_CLOSE);
            }
        };
    }
}
