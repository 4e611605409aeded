package dev.caravan.door;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a door listens, how much it takes in, and from whom.
 *
 * @param host the address or name to bind
 * @param port the TCP port; 0 takes any free one
 * @param limits what it takes
 * @param cors which web pages may call
 * @param certificate speaks TLS with it; null: plain HTTP
 * @param spared paths that are answered even where too many requests are in flight: those by which others see whether
 *     the program is alive
 */
public record DoorOptions(
        String host,
        int port,
        DoorLimits limits,
        CorsPolicy cors,
        @Nullable Certificate certificate,
        Set<String> spared) {

    /**
     * Listens on 127.0.0.1 to peers that mean well.
     *
     * @param port the TCP port; 0 takes any free one
     */
    public static DoorOptions loopback(int port) {
        return new DoorOptions("127.0.0.1", port, DoorLimits.TRUSTING, CorsPolicy.OFF, null, Set.of());
    }
}
