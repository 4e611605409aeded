package dev.caravan.broker;

import dev.caravan.api.BreakerStates;
import dev.caravan.api.BrokerGauges;
import dev.caravan.api.MetricsApi;
import dev.caravan.catalog.LiveCatalog;
import dev.caravan.jobs.OffsetWindow;
import dev.caravan.usage.OutboxMeters;
import dev.caravan.usage.UsageOutbox;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What {@code /metrics} tells, beside the figures of requests. */
@Configuration(proxyBeanMethods = false)
class MeterBeans {

    @Bean
    PrometheusMeterRegistry meterRegistry() {
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        List.of(
                        new JvmMemoryMetrics(),
                        new JvmThreadMetrics(),
                        new ProcessorMetrics(),
                        new FileDescriptorMetrics(),
                        new UptimeMetrics())
                .forEach(figures -> figures.bindTo(registry));
        return registry;
    }

    /** Listens to the collector until it is closed. */
    @Bean
    JvmGcMetrics garbageCollection(PrometheusMeterRegistry registry) {
        var figures = new JvmGcMetrics();
        figures.bindTo(registry);
        return figures;
    }

    @Bean
    MetricsApi metricsApi(
            PrometheusMeterRegistry registry,
            LiveCatalog catalog,
            BreakerStates breakers,
            UsageOutbox outbox,
            OffsetWindow jobs) {
        new OutboxMeters(outbox).bindTo(registry);
        var gauges = new BrokerGauges(registry, catalog, breakers).showJobs(registry, jobs::inFlight);
        return new MetricsApi(registry, gauges);
    }
}
