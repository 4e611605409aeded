package dev.caravan.usage;

import dev.caravan.chat.ChatError;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads query parameters one by one and remembers the first that is wrong. For one thread. */
public final class QueryParameters {

    private static final Pattern AGO = Pattern.compile("(\\d{1,6})([smhdw])");
    private static final Pattern EPOCH_SECONDS = Pattern.compile("\\d{1,12}(\\.\\d{1,9})?");
    /** A plus sign that nobody encoded has become a space. */
    private static final Pattern LOST_PLUS = Pattern.compile(" (\\d\\d:?\\d\\d)$");

    private static final Instant END_OF_TIME = Instant.parse("9999-12-31T23:59:59Z");

    private final Map<String, String> values;
    private @Nullable ChatError error;

    /** @param known the names that make sense */
    public QueryParameters(Map<String, String> values, Set<String> known) {
        this.values = values;
        var unknown = new TreeSet<>(values.keySet());
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            fail(
                    unknown.first(),
                    "Unknown parameter '%s'; known are %s."
                            .formatted(unknown.first(), String.join(", ", new TreeSet<>(known))));
        }
    }

    /** A whole number; {@code byDefault} where there is none. */
    public int integer(String name, int byDefault, int min, int max) {
        var value = integer(name, min, max);
        return value == null ? byDefault : value;
    }

    @Nullable
    Integer integer(String name, int min, int max) {
        var text = values.get(name);
        if (text == null) {
            return null;
        }
        try {
            int value = Integer.parseInt(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // told below, together with what is out of bounds
        }
        fail(
                name,
                max == Integer.MAX_VALUE
                        ? "'%s' must be a whole number of at least %d, not '%s'.".formatted(name, min, text)
                        : "'%s' must be a whole number from %d to %d, not '%s'.".formatted(name, min, max, text));
        return null;
    }

    /** A text that is not empty; null where there is none. */
    public @Nullable String text(String name) {
        var text = values.get(name);
        if (text != null && text.isBlank()) {
            fail(name, "'%s' must not be empty.".formatted(name));
        }
        return StoredText.orNull(text);
    }

    /** An ISO-8601 time, seconds since 1970, or a time ago such as {@code 24h}; null where there is none. */
    public @Nullable Instant instant(String name, Instant now) {
        var text = values.get(name);
        if (text == null) {
            return null;
        }
        try {
            var instant = instantOf(text, now);
            if (!instant.isBefore(Instant.EPOCH) && !instant.isAfter(END_OF_TIME)) {
                return instant;
            }
        } catch (DateTimeException e) {
            // told below, together with what is out of bounds
        }
        fail(
                name,
                "'%s' must be an ISO-8601 time such as 2026-01-31T12:00:00Z, seconds since 1970, or a time ago such as 30m, 24h or 7d, not '%s'."
                        .formatted(name, text));
        return null;
    }

    private static Instant instantOf(String text, Instant now) {
        var ago = AGO.matcher(text);
        if (ago.matches()) {
            return now.minus(unit(ago.group(2).charAt(0)).multipliedBy(Long.parseLong(ago.group(1))));
        }
        if (EPOCH_SECONDS.matcher(text).matches()) {
            var seconds = new BigDecimal(text);
            var nanos = seconds.remainder(BigDecimal.ONE).movePointRight(9);
            return Instant.ofEpochSecond(seconds.longValue(), nanos.longValue());
        }
        return OffsetDateTime.parse(LOST_PLUS.matcher(text).replaceFirst("+$1")).toInstant();
    }

    private static Duration unit(char letter) {
        return switch (letter) {
            case 's' -> Duration.ofSeconds(1);
            case 'm' -> Duration.ofMinutes(1);
            case 'h' -> Duration.ofHours(1);
            case 'd' -> Duration.ofDays(1);
            default -> Duration.ofDays(7);
        };
    }

    void fail(String name, String message) {
        if (error == null) {
            error = ChatError.invalid(name, message);
        }
    }

    /** The value made of what was read, or the first thing that was wrong. */
    public <T> Parsed<T> result(Supplier<T> value) {
        return error == null ? new Parsed.Valid<>(value.get()) : new Parsed.Invalid<>(error);
    }
}
