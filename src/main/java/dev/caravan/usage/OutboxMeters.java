package dev.caravan.usage;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * How much usage waits for Kafka, as metrics. Thread-safe.
 *
 * @param outbox where it waits
 */
public record OutboxMeters(UsageOutbox outbox) implements MeterBinder {

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder(
                        "caravan.usage.events.waiting",
                        outbox,
                        box -> box.backlog().inMemory())
                .description("Usage events that wait for Kafka")
                .tag("where", "memory")
                .register(registry);
        Gauge.builder(
                        "caravan.usage.events.waiting",
                        outbox,
                        box -> box.backlog().onDisk())
                .description("Usage events that wait for Kafka")
                .tag("where", "disk")
                .register(registry);
        Gauge.builder("caravan.usage.spool.size", outbox, box -> box.backlog().onDiskBytes())
                .description("The size of the files in which usage events wait for Kafka")
                .baseUnit("bytes")
                .register(registry);
        FunctionCounter.builder(
                        "caravan.usage.events.dropped",
                        outbox,
                        box -> box.backlog().dropped())
                .description("Usage events that found no room to wait for Kafka")
                .register(registry);
        Gauge.builder("caravan.usage.kafka.away", outbox, box -> box.backlog().kafkaAwaySince() == null ? 0 : 1)
                .description("1 while Kafka takes no usage events")
                .register(registry);
    }
}
