package dev.caravan.api;

/** Tells the state of providers' circuit breakers. */
public interface BreakerStates {

    /**
     * What a breaker judges by: of its last calls, a streamed one once it has ended, those that went well and those that
     * speak against the provider.
     */
    record Calls(int succeeded, int failed) {

        public static final Calls NONE = new Calls(0, 0);
    }

    /** The state of the breaker of a provider: {@code closed}, {@code open} or {@code half_open}. */
    String of(int providerId);

    /** The calls that the breaker of a provider judges by. */
    Calls calls(int providerId);
}
