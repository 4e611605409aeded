package dev.caravan.api;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/** {@code GET /metrics}. Thread-safe. */
public final class MetricsApi {

    private final PrometheusMeterRegistry registry;
    private final BrokerGauges gauges;

    public MetricsApi(PrometheusMeterRegistry registry, BrokerGauges gauges) {
        this.registry = registry;
        this.gauges = gauges;
    }

    /** All figures, in Prometheus' text form. */
    public Answer scrape() {
        gauges.refresh();
        return new Answer.Ok(200, registry.scrape());
    }
}
