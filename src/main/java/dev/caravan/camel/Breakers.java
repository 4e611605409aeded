package dev.caravan.camel;

import dev.caravan.api.BreakerStates;
import dev.caravan.catalog.ProviderSpec;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;

/**
 * The circuit breaker of each provider, which its route names. Made here and not by the route: a route that is made from a
 * template loses the list of ignored exceptions (Camel 4.18 copies it over the list of recorded ones). Thread-safe.
 */
public final class Breakers implements BreakerStates {

    private final CircuitBreakerConfig config;
    private final Map<Integer, CircuitBreaker> byProvider = new ConcurrentHashMap<>();

    /**
     * @param config when to open and for how long; a call that the broker itself let go of, or for which it had no connection
     *     left, counts neither way
     */
    public Breakers(CircuitBreakerConfig config) {
        this.config = CircuitBreakerConfig.from(config)
                .ignoreException(Breakers::isOurs)
                .automaticTransitionFromOpenToHalfOpenEnabled(true)
                .writableStackTraceEnabled(false)
                .build();
    }

    /** Camel wraps what is checked. */
    private static boolean isOurs(Throwable thrown) {
        return thrown instanceof CallAborted
                || thrown instanceof ConnectionRequestTimeoutException
                || thrown.getCause() instanceof ConnectionRequestTimeoutException;
    }

    /** A new breaker for a provider, closed, in place of the one it had. */
    CircuitBreaker renew(ProviderSpec provider) {
        var breaker = new ProviderBreaker(CircuitBreaker.of(provider.name(), config));
        byProvider.put(provider.id(), breaker);
        return breaker;
    }

    /** The breaker that a provider has, in the state it is in. */
    CircuitBreaker keep(ProviderSpec provider) {
        var breaker = byProvider.get(provider.id());
        return breaker == null ? renew(provider) : breaker;
    }

    void remove(ProviderSpec provider) {
        byProvider.remove(provider.id());
    }

    /** Whether it is left alone for now; after a while it is tried again by itself. */
    public boolean isOpen(ProviderSpec provider) {
        var breaker = byProvider.get(provider.id());
        return breaker != null && breaker.getState() == CircuitBreaker.State.OPEN;
    }

    @Override
    public String of(int providerId) {
        return Optional.ofNullable(byProvider.get(providerId))
                .map(breaker -> breaker.getState().name().toLowerCase(Locale.ROOT))
                .orElse("closed");
    }

    @Override
    public Calls calls(int providerId) {
        return Optional.ofNullable(byProvider.get(providerId))
                .map(CircuitBreaker::getMetrics)
                .map(seen -> new Calls(seen.getNumberOfSuccessfulCalls(), seen.getNumberOfFailedCalls()))
                .orElse(Calls.NONE);
    }
}
