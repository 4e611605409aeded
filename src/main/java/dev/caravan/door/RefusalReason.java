package dev.caravan.door;

/** Why a door sent a client away. What goes wrong behind the door is counted there, as a usage event. */
public enum RefusalReason {
    MALFORMED("malformed"),
    TARGET_TOO_LONG("target_too_long"),
    HEADERS_TOO_LARGE("headers_too_large"),
    BODY_TOO_LARGE("body_too_large"),
    EXPECTATION("expectation"),
    SLOW_HEADERS("slow_headers"),
    SLOW_BODY("slow_body"),
    /** Does not read what it is sent; there is no way to tell it so. */
    SLOW_READER("slow_reader"),
    OVERLOADED("overloaded"),
    TOO_MANY_CONNECTIONS("too_many_connections"),
    DRAINING("draining"),
    /** Speaks plain HTTP where TLS is asked for. */
    PLAIN_HTTP("plain_http"),
    TLS_HANDSHAKE("tls_handshake");

    private final String text;

    RefusalReason(String text) {
        this.text = text;
    }

    /** The word that stands for it in metrics and logs. */
    public String text() {
        return text;
    }
}
