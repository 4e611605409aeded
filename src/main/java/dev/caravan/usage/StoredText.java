package dev.caravan.usage;

import org.jspecify.annotations.Nullable;

/**
 * Texts that callers chose, made fit for JSON, Kafka and SQL: one that is too long, or holds a NUL or half a surrogate pair,
 * would otherwise make the whole batch it travels in fail for ever.
 */
final class StoredText {

    static final int MAX_LENGTH = 200;

    private StoredText() {}

    static @Nullable String orNull(@Nullable String text) {
        return text == null ? null : of(text);
    }

    static String of(String text) {
        return text.length() <= MAX_LENGTH && isPlain(text) ? text : cleaned(text);
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || Character.isSurrogate(c)) {
                return false;
            }
        }
        return true;
    }

    private static String cleaned(String text) {
        var out = new StringBuilder(MAX_LENGTH);
        text.codePoints()
                .map(c -> c < ' ' || isHalfPair(c) ? '\uFFFD' : c)
                .takeWhile(c -> out.length() + Character.charCount(c) <= MAX_LENGTH)
                .forEachOrdered(out::appendCodePoint);
        return out.toString();
    }

    private static boolean isHalfPair(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }
}
