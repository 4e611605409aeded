package dev.caravan.catalog;

import java.time.Duration;

/**
 * How a provider is connected to.
 *
 * @param connectTimeout how long it may take until a connection stands
 * @param idleTimeout how long a stream that has begun may bring nothing of the answer
 * @param poolTimeout how long a call waits for a connection while all are in use
 * @param maxConnections how many there are at once
 */
public record Connections(Duration connectTimeout, Duration idleTimeout, Duration poolTimeout, int maxConnections) {

    /** 5 seconds to connect, a minute of silence within a stream, 10 seconds in the queue; 5000 connections. */
    public static final Connections DEFAULT =
            new Connections(Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofSeconds(10), 5000);
}
