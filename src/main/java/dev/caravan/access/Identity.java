package dev.caravan.access;

/**
 * Who calls.
 *
 * @param name for logs and usage; never the key itself
 */
public record Identity(String name, Role role) {

    /** What a caller may do. */
    public enum Role {
        /** May call the client endpoints, in open mode only. */
        ANONYMOUS,
        /** May call the client endpoints. */
        CLIENT,
        /** May call everything. */
        ADMIN
    }

    /** Everybody in open mode. */
    public static final Identity ANONYMOUS = new Identity("anonymous", Role.ANONYMOUS);

    /** Whoever may write to the topic of requests. */
    public static final Identity KAFKA = new Identity("kafka", Role.CLIENT);

    /** Routes of the user's own, in the folder of routes. */
    public static final Identity ROUTES = new Identity("routes", Role.CLIENT);

    /** The holder of the admin key. */
    public static final Identity ADMIN = new Identity("admin", Role.ADMIN);
}
