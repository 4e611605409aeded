package dev.caravan.camel;

import dev.caravan.api.BreakerStates;
import dev.caravan.catalog.ProviderSpec;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The circuit breakers that the providers' routes have. Thread-safe. */
public final class Breakers implements BreakerStates {

    private final ProviderRoutes routes;
    private final CircuitBreakerRegistry registry;

    public Breakers(ProviderRoutes routes, CircuitBreakerRegistry registry) {
        this.routes = routes;
        this.registry = registry;
    }

    @Override
    public String of(int providerId) {
        return find(providerId)
                .map(breaker -> breaker.getState().name().toLowerCase(Locale.ROOT))
                .orElse("closed");
    }

    /** Counts a stream that broke after its beginning, when the call had left the breaker already. */
    public void brokenStream(ProviderSpec provider) {
        find(provider.id())
                .ifPresent(breaker -> breaker.onError(
                        0, TimeUnit.NANOSECONDS, new IllegalStateException("the stream was broken off")));
    }

    private Optional<CircuitBreaker> find(int providerId) {
        return routes.routeOf(providerId).flatMap(route -> registry.find(route + ".breaker"));
    }
}
