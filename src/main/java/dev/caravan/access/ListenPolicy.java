package dev.caravan.access;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** On which address the program may listen. */
public final class ListenPolicy {

    private ListenPolicy() {}

    /**
     * The host to listen on: in open mode only this machine itself, else every address.
     *
     * @param open whether anybody is let in without a key
     * @param serverHost what {@code SERVER_HOST} says; null or blank if nothing
     */
    public static Startup<String> host(boolean open, @Nullable String serverHost) {
        if (serverHost == null || serverHost.isBlank()) {
            return new Startup.Ready<>(open ? "127.0.0.1" : "0.0.0.0");
        }
        var host = serverHost.strip();
        if (!open || isLoopback(host)) {
            return new Startup.Ready<>(host);
        }
        return new Startup.Refused<>("SERVER_HOST is " + host
                + ", but with no client key configured only this machine may call: set CARAVAN_API_KEYS, or leave"
                + " SERVER_HOST unset to listen on 127.0.0.1.");
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException _) {
            return false;
        }
    }
}
