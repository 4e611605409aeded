package dev.caravan.broker;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Memory, collector, threads, CPU and files of this process, shown from the first time that metrics are asked for: finding
 * them takes Java longer (50 ms and more) than a start should wait. Thread-safe.
 */
final class ProcessMeters implements AutoCloseable {

    private final MeterRegistry registry;

    // guarded by this; null until asked for
    private @Nullable JvmGcMetrics collector;

    ProcessMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    synchronized void show() {
        if (collector != null) {
            return;
        }
        collector = new JvmGcMetrics();
        List.of(
                        new JvmMemoryMetrics(),
                        new JvmThreadMetrics(),
                        new ProcessorMetrics(),
                        new FileDescriptorMetrics(),
                        new UptimeMetrics(),
                        collector)
                .forEach(figures -> figures.bindTo(registry));
    }

    /** Stops listening to the collector. */
    @Override
    public synchronized void close() {
        if (collector != null) {
            collector.close();
        }
    }
}
