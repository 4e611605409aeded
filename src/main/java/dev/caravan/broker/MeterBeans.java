package dev.caravan.broker;

import dev.caravan.api.BreakerStates;
import dev.caravan.api.BrokerGauges;
import dev.caravan.api.MetricsApi;
import dev.caravan.catalog.LiveCatalog;
import dev.caravan.jobs.OffsetWindow;
import dev.caravan.usage.OutboxMeters;
import dev.caravan.usage.UsageOutbox;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What {@code /metrics} tells, beside the figures of requests. */
@Configuration(proxyBeanMethods = false)
class MeterBeans {

    @Bean
    PrometheusMeterRegistry meterRegistry() {
        return new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    }

    @Bean
    ProcessMeters processMeters(PrometheusMeterRegistry registry) {
        return new ProcessMeters(registry);
    }

    @Bean
    MetricsApi metricsApi(
            PrometheusMeterRegistry registry,
            LiveCatalog catalog,
            BreakerStates breakers,
            UsageOutbox outbox,
            OffsetWindow jobWindow,
            OffsetWindow retryWindow,
            ProcessMeters process) {
        new OutboxMeters(outbox).bindTo(registry);
        var gauges = new BrokerGauges(registry, catalog, breakers)
                .showJobs(registry, () -> jobWindow.inFlight() + retryWindow.inFlight());
        return new MetricsApi(registry, () -> {
            process.show();
            gauges.refresh();
        });
    }
}
