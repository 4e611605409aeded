package dev.caravan.api;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/** {@code GET /metrics}. Thread-safe. */
public final class MetricsApi {

    private final PrometheusMeterRegistry registry;
    private final Runnable refresh;

    /** @param refresh brings up to date what the registry does not look at by itself */
    public MetricsApi(PrometheusMeterRegistry registry, Runnable refresh) {
        this.registry = registry;
        this.refresh = refresh;
    }

    /** All figures, in Prometheus' text form. */
    public Answer scrape() {
        refresh.run();
        return new Answer.Ok(200, registry.scrape());
    }
}
