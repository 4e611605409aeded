package dev.caravan.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.caravan.catalog.Secret;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ErrorCode;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The keys that let callers in. It holds hashes only. Immutable. */
public final class AccessKeys {

    private final Map<String, Identity> byHash = new HashMap<>();
    private final boolean open;

    /**
     * The keys of this instance.
     *
     * @param clientKeys see {@link #clientKeys}
     * @param adminKey see {@link #adminKey}
     * @param everConfigured whether a client key was ever configured, now or before: then nobody gets in without one
     */
    public AccessKeys(List<Secret> clientKeys, Secret adminKey, boolean everConfigured) {
        for (var key : clientKeys) {
            var hash = hash(key.reveal());
            byHash.put(hash, new Identity("key-" + hash.substring(0, 8), Identity.Role.CLIENT));
        }
        byHash.put(hash(adminKey.reveal()), Identity.ADMIN);
        this.open = clientKeys.isEmpty() && !everConfigured;
    }

    /** The keys of {@code CARAVAN_API_KEYS}, which are separated by commas. */
    public static List<Secret> clientKeys(Function<String, @Nullable String> lookup) {
        var given = lookup.apply("CARAVAN_API_KEYS");
        return given == null
                ? List.of()
                : Arrays.stream(given.split(","))
                        .map(String::strip)
                        .filter(key -> !key.isEmpty())
                        .map(Secret::new)
                        .toList();
    }

    /** {@code CARAVAN_ADMIN_KEY}, or {@code admin.key} in the data folder, made at the first start. */
    public static Startup<Secret> adminKey(Function<String, @Nullable String> lookup, Path data) {
        return StartKey.find("CARAVAN_ADMIN_KEY", lookup, data.resolve("admin.key"), Function.identity());
    }

    /** Whether any key or none is accepted, since no client key was ever configured. */
    public boolean open() {
        return open;
    }

    /**
     * Who calls a client endpoint.
     *
     * @param authorization the header {@code Authorization}
     * @param xApiKey the header {@code X-API-Key}
     */
    public Access client(@Nullable String authorization, @Nullable String xApiKey) {
        var known = known(authorization, xApiKey);
        if (known != null) {
            return new Access.Granted(known);
        }
        return open
                ? new Access.Granted(Identity.ANONYMOUS)
                : unauthorized(
                        authorization, xApiKey, "an API key as 'Authorization: Bearer <key>' or 'X-API-Key: <key>'");
    }

    /**
     * Who calls an admin endpoint.
     *
     * @param authorization the header {@code Authorization}
     * @param xAdminKey the header {@code X-Admin-Key}
     */
    public Access admin(@Nullable String authorization, @Nullable String xAdminKey) {
        var known = known(authorization, xAdminKey);
        if (known == null) {
            return unauthorized(
                    authorization, xAdminKey, "the admin key as 'Authorization: Bearer <key>' or 'X-Admin-Key: <key>'");
        }
        return known.role() == Identity.Role.ADMIN
                ? new Access.Granted(known)
                : new Access.Denied(ChatError.of(
                        ErrorCode.FORBIDDEN, "This key is a client's; this endpoint needs the admin key."));
    }

    /** Of two keys the stronger counts, so that a stray one harms nobody. */
    private @Nullable Identity known(@Nullable String authorization, @Nullable String other) {
        var one = identity(bearer(authorization));
        var two = identity(other == null ? "" : other.strip());
        if (one == null || two == null) {
            return one == null ? two : one;
        }
        return one.role().compareTo(two.role()) < 0 ? two : one;
    }

    private @Nullable Identity identity(String key) {
        return key.isEmpty() ? null : byHash.get(hash(key));
    }

    private static Access unauthorized(@Nullable String authorization, @Nullable String other, String wanted) {
        var given = !bearer(authorization).isEmpty() || (other != null && !other.isBlank());
        return new Access.Denied(ChatError.of(
                ErrorCode.UNAUTHORIZED,
                (given ? "This key is not known" : "There is no key") + "; send " + wanted + "."));
    }

    private static String bearer(@Nullable String authorization) {
        return authorization != null && authorization.regionMatches(true, 0, "Bearer ", 0, 7)
                ? authorization.substring(7).strip()
                : "";
    }

    private static String hash(String key) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
