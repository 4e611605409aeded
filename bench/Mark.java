package bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** The mark by which an answer is matched with its request: {@code bench-} and twelve digits, in the prompt. */
final class Mark {

    static final byte[] PREFIX = "bench-".getBytes(US_ASCII);
    static final int DIGITS = 12;
    static final int LENGTH = PREFIX.length + DIGITS;

    private Mark() {}

    /** How often a mark stands in a piece of a buffer. */
    static int count(byte[] bytes, int from, int to, long number) {
        var found = 0;
        for (var at = find(bytes, from, to); at >= 0; at = find(bytes, at + PREFIX.length, to)) {
            if (at + LENGTH <= to && number(bytes, at + PREFIX.length) == number) {
                found++;
            }
        }
        return found;
    }

    /** Where the next mark begins; -1 if there is none. */
    static int find(byte[] bytes, int from, int to) {
        return find(bytes, from, to, PREFIX);
    }

    /** Where a needle begins; -1 if it is not there. */
    static int find(byte[] bytes, int from, int to, byte[] needle) {
        for (var at = from; at <= to - needle.length; at++) {
            var length = 0;
            while (length < needle.length && bytes[at + length] == needle[length]) {
                length++;
            }
            if (length == needle.length) {
                return at;
            }
        }
        return -1;
    }

    static long number(byte[] bytes, int at) {
        var number = 0L;
        for (var i = at; i < at + DIGITS; i++) {
            number = number * 10 + (bytes[i] - '0');
        }
        return number;
    }

    /** The digits of a number, as a mark has them. */
    static void write(long number, byte[] target, int at) {
        var rest = number;
        for (var i = at + DIGITS - 1; i >= at; i--) {
            target[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }
}
