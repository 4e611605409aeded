package dev.caravan.catalog;

import java.time.Duration;

/**
 * How often a failed attempt is repeated at the same provider, and how long is waited before: {@code initialDelay}
 * times {@code exponentialBase} to the power of the repeats so far, at most {@code maxDelay}, with jitter.
 *
 * @param maxRetries repeats after the first attempt
 */
public record Retry(int maxRetries, Duration initialDelay, Duration maxDelay, double exponentialBase) {

    /** Three repeats, after about 1, 2 and 4 seconds. */
    public static final Retry DEFAULT = new Retry(3, Duration.ofSeconds(1), Duration.ofSeconds(60), 2.0);
}
