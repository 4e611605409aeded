package dev.caravan.chat;

import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The trace that a request is part of, by W3C Trace Context. Immutable.
 *
 * @param id 32 hexadecimal digits
 * @param flags two of them: whether it is recorded
 */
public record Trace(String id, String flags) {

    /** The header by which it is told. */
    public static final String HEADER = "traceparent";

    private static final Pattern FORM =
            Pattern.compile("(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(-.*)?");

    /** Reads the header; null where there is none, or one that is none. */
    public static @Nullable Trace of(@Nullable String traceparent) {
        if (traceparent == null) {
            return null;
        }
        var match = FORM.matcher(traceparent);
        // version 00 has nothing after the flags
        return match.matches() && (match.group(4) == null || !match.group(1).equals("00"))
                ? new Trace(match.group(2), match.group(3))
                : null;
    }

    /** The header for what is done next in it: each time with a span of its own. */
    public String next() {
        var span = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
        return "00-" + id + "-" + "%016x".formatted(span) + "-" + flags;
    }
}
