package dev.caravan.api;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/** {@code GET /metrics}. Thread-safe. */
public final class MetricsApi {

    private final PrometheusMeterRegistry registry;

    public MetricsApi(PrometheusMeterRegistry registry) {
        this.registry = registry;
    }

    /** All figures, in Prometheus' text form. */
    public Answer scrape() {
        return new Answer.Ok(200, registry.scrape());
    }
}
