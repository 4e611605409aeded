package dev.caravan.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;

/** Spoils bytes. The seed is fixed: a failure comes again. */
final class Mutations {

    private final String[] pieces;
    private final Random random = new Random(42);

    /** @param key what must not come back, and is therefore put in everywhere */
    Mutations(String key) {
        pieces = new String[] {
            "null",
            "[",
            "]",
            "{",
            "}",
            "\"",
            ",",
            ":",
            "1e999",
            "-1",
            "1e99999999",
            "\\u12",
            "true",
            "[1]",
            "\n\n",
            "\u0000",
            "🐫",
            "data: ",
            "{}",
            "\"\"",
            "\"error\":",
            "{\"error\":{\"message\":\"" + key + "\"}}",
            key
        };
    }

    /** A copy with one to three things changed. */
    byte[] spoilt(byte[] bytes) {
        var spoilt = bytes;
        for (var i = random.nextInt(3); i >= 0; i--) {
            spoilt = mutated(spoilt);
        }
        return spoilt;
    }

    private byte[] mutated(byte[] bytes) {
        var at = random.nextInt(bytes.length + 1);
        var to = Math.min(bytes.length, at + random.nextInt(8));
        return switch (random.nextInt(7)) {
            case 0 -> Arrays.copyOf(bytes, at);
            case 1 -> joined(bytes, at, new byte[0], to);
            case 2 -> joined(bytes, at, noise(1 + random.nextInt(16)), to);
            case 3 -> joined(bytes, at, Arrays.copyOfRange(bytes, at, to), at);
            case 4 -> value(bytes, at);
            default -> joined(bytes, at, pieces[random.nextInt(pieces.length)].getBytes(UTF_8), at);
        };
    }

    /** Another value after the next colon, so that much of what comes of it is still JSON. */
    private byte[] value(byte[] bytes, int at) {
        var start = at;
        while (start < bytes.length && bytes[start] != ':') {
            start++;
        }
        var end = Math.min(start + 1, bytes.length);
        var from = end;
        while (end < bytes.length && ",}]\n".indexOf(bytes[end]) < 0) {
            end++;
        }
        return joined(bytes, from, pieces[random.nextInt(pieces.length)].getBytes(UTF_8), end);
    }

    private byte[] noise(int length) {
        var noise = new byte[length];
        random.nextBytes(noise);
        return noise;
    }

    private static byte[] joined(byte[] bytes, int end, byte[] middle, int from) {
        var joined = new ByteArrayOutputStream(bytes.length + middle.length);
        joined.write(bytes, 0, end);
        joined.writeBytes(middle);
        joined.write(bytes, from, bytes.length - from);
        return joined.toByteArray();
    }
}
