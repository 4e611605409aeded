package dev.caravan.broker;

import dev.caravan.door.CorsPolicy;
import dev.caravan.door.DoorLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How much the HTTP door takes, how long it waits, and who may come in by it.
 *
 * @param maxHeaderSize of all headers of a request together
 * @param headerTimeout from the first byte of a request to the end of its headers; a TLS handshake has the same time
 * @param bodyTimeout for a body; {@code bodyRate} gives large ones more
 * @param bodyRate each so many bytes give a body one second more
 * @param idleTimeout how long a connection is kept without a request
 * @param stallTimeout how long a client may read nothing of what it is sent
 * @param maxConnections open at once
 * @param maxInFlight requests that are answered at once
 * @param maxInFlightSize the size of their bodies together; unset: a quarter of the heap
 */
@ConfigurationProperties("caravan.door")
record DoorSettings(
        @DefaultValue("32KB") DataSize maxHeaderSize,
        @DefaultValue("10s") Duration headerTimeout,
        @DefaultValue("30s") Duration bodyTimeout,
        @DefaultValue("1KB") DataSize bodyRate,
        @DefaultValue("75s") Duration idleTimeout,
        @DefaultValue("60s") Duration stallTimeout,
        @DefaultValue("10000") int maxConnections,
        @DefaultValue("10000") int maxInFlight,
        @Nullable DataSize maxInFlightSize,
        @DefaultValue Tls tls,
        @DefaultValue Cors cors) {

    private static final String PREFIX = "caravan.door.";
    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final DataSize SMALLEST_HEADERS = DataSize.ofKilobytes(1);
    private static final DataSize LARGEST = DataSize.ofGigabytes(1);

    /**
     * PEM files; both or none.
     *
     * @param certificate the broker's own certificate, then those that vouch for it
     * @param privateKey the key of the first
     */
    record Tls(@Nullable Path certificate, @Nullable Path privateKey) {}

    /**
     * Web pages of which origins may call.
     *
     * @param allowedOrigins such as {@code https://app.example.com}, or {@code *}
     * @param maxAge how long a browser may remember what it may send
     */
    record Cors(
            @DefaultValue List<String> allowedOrigins,
            @DefaultValue("10m") Duration maxAge) {}

    /** @throws StartRefused if one of them cannot be meant */
    DoorLimits limits(DataSize maxBody) {
        return new DoorLimits(
                size("caravan.max-body", maxBody, DataSize.ofBytes(1)),
                size(PREFIX + "max-header-size", maxHeaderSize, SMALLEST_HEADERS),
                time("header-timeout", headerTimeout),
                time("body-timeout", bodyTimeout),
                size(PREFIX + "body-rate", bodyRate, DataSize.ofBytes(1)),
                time("idle-timeout", idleTimeout),
                time("stall-timeout", stallTimeout),
                count("max-connections", maxConnections),
                count("max-in-flight", maxInFlight),
                inFlightBytes(maxBody));
    }

    /** @throws StartRefused if an origin is none */
    CorsPolicy corsPolicy() {
        time("cors.max-age", cors.maxAge());
        try {
            return CorsPolicy.of(cors.allowedOrigins(), cors.maxAge());
        } catch (IllegalArgumentException e) {
            throw new StartRefused(PREFIX + "cors.allowed-origins: " + e.getMessage());
        }
    }

    private long inFlightBytes(DataSize maxBody) {
        if (maxInFlightSize == null) {
            return Math.max(Runtime.getRuntime().maxMemory() / 4, maxBody.toBytes());
        }
        if (maxInFlightSize.compareTo(maxBody) < 0) {
            throw refused(
                    PREFIX + "max-in-flight-size", maxInFlightSize, "at least caravan.max-body, which is " + maxBody);
        }
        return maxInFlightSize.toBytes();
    }

    private static int size(String name, DataSize size, DataSize least) {
        if (size.compareTo(least) < 0 || size.compareTo(LARGEST) > 0) {
            throw refused(name, size, "from " + least + " to " + LARGEST);
        }
        return (int) size.toBytes();
    }

    private static Duration time(String name, Duration time) {
        if (time.compareTo(SHORTEST) < 0 || time.compareTo(LONGEST) > 0) {
            throw refused(PREFIX + name, time.toMillis() + "ms", "from 10ms to 1d");
        }
        return time;
    }

    private static int count(String name, int count) {
        if (count < 1) {
            throw refused(PREFIX + name, count, "at least 1");
        }
        return count;
    }

    private static StartRefused refused(String name, Object value, String right) {
        return new StartRefused(name + " is " + value + ", but must be " + right + ".");
    }
}
