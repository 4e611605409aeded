package dev.caravan.camel;

import dev.caravan.store.HourlyStatistics;
import dev.caravan.store.RequestLog;
import dev.caravan.usage.UsageEvent;
import dev.caravan.usage.UsageHistory;
import dev.caravan.usage.UsageOutbox;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.kafka.consumer.KafkaManualCommit;

/** Between usage events and the records of their topic. Thread-safe. */
public final class UsageRecords {

    private static final int BATCH = 2000;
    private static final String TAKEN = "taken";
    private static final String BATCH_READ = "batch";

    private final UsageOutbox outbox;
    private final RequestLog log;
    private final HourlyStatistics statistics;

    public UsageRecords(UsageOutbox outbox, RequestLog log, HourlyStatistics statistics) {
        this.outbox = outbox;
        this.log = log;
        this.statistics = statistics;
    }

    /**
     * Whether events are to be published: at first any, and then, in the same loop, only what is a whole batch. Kafka's
     * work is by the batch, so the rest waits for what comes until the next time.
     */
    public boolean waiting(Exchange exchange) {
        return outbox.waiting(exchange.getProperty(ExchangePropertyKey.LOOP_INDEX) == null ? 1 : BATCH);
    }

    /** Takes the next events; the message becomes their records. */
    public void take(Exchange exchange) {
        var batch = outbox.take(BATCH);
        exchange.setVariable(TAKEN, batch);
        exchange.getMessage().setBody(batch.values());
    }

    /** Kafka has what was taken. */
    public void sent(Exchange exchange) {
        outbox.sent(exchange.getVariable(TAKEN, UsageOutbox.Batch.class));
    }

    /** Puts back what could not be published. */
    public void restore(Exchange exchange) {
        outbox.restore(
                exchange.getVariable(TAKEN, UsageOutbox.Batch.class),
                exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class).toString());
    }

    /** Moves what Kafka does not take from memory to disk. */
    public void spill() {
        outbox.spill();
    }

    /** A batch of records becomes their events; one that is no event is passed over. */
    public void read(Exchange exchange) {
        var batch = (List<?>) exchange.getMessage().getBody(List.class);
        exchange.setVariable(BATCH_READ, batch);
        exchange.getMessage().setBody(events(batch));
    }

    /** Writes events to the request log. */
    public void log(@Body List<UsageEvent> events) {
        log.append(events);
    }

    /** Adds events to the statistics. */
    public void count(@Body List<UsageEvent> events) {
        statistics.append(events);
    }

    /** Tells Kafka that the batch is stored: the last record of each of its partitions. */
    public void commit(Exchange exchange) {
        var batch = (List<?>) exchange.getVariable(BATCH_READ, List.class);
        var last = new HashMap<Object, KafkaManualCommit>();
        for (var record : batch) {
            var message = ((Exchange) record).getMessage();
            last.put(
                    message.getHeader(KafkaConstants.PARTITION),
                    message.getHeader(KafkaConstants.MANUAL_COMMIT, KafkaManualCommit.class));
        }
        last.values().forEach(KafkaManualCommit::commit);
    }

    private static List<UsageEvent> events(List<?> batch) {
        var events = new ArrayList<UsageEvent>(batch.size());
        for (var record : batch) {
            UsageHistory.parse(((Exchange) record).getMessage().getBody(byte[].class))
                    .ifPresent(events::add);
        }
        return events;
    }
}
