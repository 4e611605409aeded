package dev.caravan.simulator;

import java.time.Duration;

/**
 * How fast and how reliably a simulated model answers.
 *
 * @param delay how long it thinks before the first token, and before a failure
 * @param tokensPerSecond how fast it writes; 0 for at once
 * @param failureRate the share of requests that fail with 500, from 0 to 1
 * @param status the HTTP status that every request fails with; 0 for none
 */
public record Pace(Duration delay, double tokensPerSecond, double failureRate, int status) {

    /** Answers at once and never fails. */
    public static final Pace INSTANT = new Pace(Duration.ZERO, 0, 0, 0);

    /** Thinks, then writes, and never fails. */
    public static Pace of(Duration delay, double tokensPerSecond) {
        return new Pace(delay, tokensPerSecond, 0, 0);
    }

    /** When this many tokens are written, counted from the arrival of the request. */
    Duration after(int tokens) {
        return tokensPerSecond == 0 ? delay : delay.plusNanos((long) (tokens * 1e9 / tokensPerSecond));
    }
}
