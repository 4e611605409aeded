package dev.caravan.door;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Names requests: with the client's own id if it is sane, so that its logs and ours tell of the same thing. */
public final class RequestIds {

    private static final int LONGEST = 128;
    private static final byte[] PREFIX = "req_".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz".getBytes(StandardCharsets.ISO_8859_1);
    /** As many base 36 digits as a positive long is sure to fill with chance. */
    private static final int DIGITS_OF_A_LONG = 12;

    private RequestIds() {}

    /** The client's id, or a fresh one if that is missing or could do harm in a log or a header. */
    static String from(@Nullable String clientsOwn) {
        return clientsOwn != null && isSane(clientsOwn) ? clientsOwn : fresh();
    }

    private static boolean isSane(String id) {
        if (id.isEmpty() || id.length() > LONGEST) {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean letterOrDigit = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            if (!letterOrDigit && c != '.' && c != '_' && c != ':' && c != '-') {
                return false;
            }
        }
        return true;
    }

    /** An id that no other request has. */
    public static String fresh() {
        byte[] id = new byte[PREFIX.length + 2 * DIGITS_OF_A_LONG];
        System.arraycopy(PREFIX, 0, id, 0, PREFIX.length);
        ThreadLocalRandom random = ThreadLocalRandom.current();
        fill(id, PREFIX.length, random.nextLong() >>> 1);
        fill(id, PREFIX.length + DIGITS_OF_A_LONG, random.nextLong() >>> 1);
        return new String(id, StandardCharsets.ISO_8859_1);
    }

    private static void fill(byte[] id, int from, long chance) {
        long rest = chance;
        for (int i = from; i < from + DIGITS_OF_A_LONG; i++) {
            id[i] = DIGITS[(int) (rest % DIGITS.length)];
            rest /= DIGITS.length;
        }
    }
}
