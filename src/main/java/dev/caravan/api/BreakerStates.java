package dev.caravan.api;

/** Tells the state of providers' circuit breakers. */
@FunctionalInterface
public interface BreakerStates {

    /** The state of the breaker of a provider: {@code closed}, {@code open} or {@code half_open}. */
    String of(int providerId);
}
