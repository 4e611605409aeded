package dev.caravan.api;

import dev.caravan.catalog.LiveCatalog;
import dev.caravan.catalog.ProviderSpec;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

/** What the broker is in the middle of, looked at when somebody asks for metrics. Thread-safe. */
public final class BrokerGauges {

    private static final List<String> BREAKER_STATES = List.of("closed", "open", "half_open");

    private record Provider(int id, String name) {
        static Provider of(ProviderSpec spec) {
            return new Provider(spec.id(), spec.name());
        }
    }

    private final LiveCatalog catalog;
    private final BreakerStates breakers;
    private final MultiGauge breakerStates;
    private final MultiGauge breakerCalls;

    // guarded by this
    private List<Provider> shown = List.of();

    public BrokerGauges(MeterRegistry registry, LiveCatalog catalog, BreakerStates breakers) {
        this.catalog = catalog;
        this.breakers = breakers;
        this.breakerStates = MultiGauge.builder("caravan.provider.breaker")
                .description("1 for the state that a provider's circuit breaker is in, 0 for the others")
                .register(registry);
        this.breakerCalls = MultiGauge.builder("caravan.provider.breaker.calls")
                .description("The last calls that a provider's circuit breaker judges by; a stream counts at its end")
                .register(registry);
    }

    /** @param inFlight how many jobs from Kafka are in work */
    public BrokerGauges showJobs(MeterRegistry registry, IntSupplier inFlight) {
        Gauge.builder("caravan.jobs.in.flight", inFlight, IntSupplier::getAsInt)
                .description("Requests from Kafka that are in work")
                .strongReference(true)
                .register(registry);
        return this;
    }

    /** Follows providers that came or went. */
    public synchronized void refresh() {
        var providers = catalog.current().providers().stream().map(Provider::of).toList();
        if (!providers.equals(shown)) {
            breakerStates.register(providers.stream().flatMap(this::rows).toList(), true);
            breakerCalls.register(providers.stream().flatMap(this::calls).toList(), true);
            shown = providers;
        }
    }

    private Stream<Row<?>> rows(Provider provider) {
        return BREAKER_STATES.stream()
                .map(state -> Row.of(
                        Tags.of("gen_ai.provider.name", provider.name(), "state", state),
                        () -> breakers.of(provider.id()).equals(state) ? 1 : 0));
    }

    private Stream<Row<?>> calls(Provider provider) {
        var tags = Tags.of("gen_ai.provider.name", provider.name());
        return Stream.of(
                Row.of(
                        tags.and("outcome", "success"),
                        () -> breakers.calls(provider.id()).succeeded()),
                Row.of(
                        tags.and("outcome", "failure"),
                        () -> breakers.calls(provider.id()).failed()));
    }
}
