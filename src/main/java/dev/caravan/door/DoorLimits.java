package dev.caravan.door;

import java.time.Duration;

/**
 * How much a door takes, and how long it waits.
 *
 * @param bodyBytes the largest request body; a larger one is answered with 413
 * @param headerBytes the size of all headers of a request together; more is answered with 431
 * @param headerTime from the first byte of a request to the end of its headers; longer is answered with 408. A TLS
 *     handshake has the same time
 * @param bodyTime from the end of the headers to the end of the body, with {@code bodyRate} for large ones
 * @param bodyRate bytes per second: each so many that came give a body one second more
 * @param idleTime how long a connection is kept without a request
 * @param stallTime how long a client may read nothing of what it is sent
 * @param connections open at once; to those beyond, 503
 * @param inFlight requests being answered at once; to those beyond, 503
 * @param inFlightBytes size of the bodies of requests that come in or are being answered; where it is passed, 503
 */
public record DoorLimits(
        int bodyBytes,
        int headerBytes,
        Duration headerTime,
        Duration bodyTime,
        int bodyRate,
        Duration idleTime,
        Duration stallTime,
        int connections,
        int inFlight,
        long inFlightBytes) {

    private static final Duration NEVER = Duration.ofDays(365);
    private static final Duration FINEST = Duration.ofMillis(10);
    private static final Duration COARSEST = Duration.ofMillis(500);

    /** For peers that mean well, on this machine: bodies of 10 MiB, 32 KiB of headers, no other bounds. */
    public static final DoorLimits TRUSTING = new DoorLimits(
            10 * 1024 * 1024,
            32 * 1024,
            NEVER,
            NEVER,
            1,
            NEVER,
            NEVER,
            Integer.MAX_VALUE,
            Integer.MAX_VALUE,
            Long.MAX_VALUE);

    /** How often to look at each connection, so that no time is overrun by much. */
    Duration lookEvery() {
        Duration shortest = COARSEST;
        for (Duration time : new Duration[] {headerTime, bodyTime, idleTime, stallTime}) {
            Duration quarter = time.dividedBy(4);
            shortest = quarter.compareTo(shortest) < 0 ? quarter : shortest;
        }
        return shortest.compareTo(FINEST) < 0 ? FINEST : shortest;
    }

    /** How many connections beyond the limit are kept for long enough to be told so; those beyond are just closed. */
    int toldConnections() {
        return Math.max(16, connections / 10);
    }
}
