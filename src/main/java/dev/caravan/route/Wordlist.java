package dev.caravan.route;

import java.util.List;
import java.util.Map;

/**
 * Words and pairs of words that are looked for, by hash: a lookup makes no object. Immutable.
 */
final class Wordlist {

    static final int NONE = -1;

    private static final long OFFSET = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private final long[] hashes;
    private final int[] values;
    private final int mask;

    /** @param entries lower-case words, or two words with a blank between them, and what each stands for */
    Wordlist(Map<String, Integer> entries) {
        var size = Integer.highestOneBit(Math.max(8, entries.size() * 4)) * 2;
        hashes = new long[size];
        values = new int[size];
        mask = size - 1;
        entries.forEach(this::put);
    }

    /** A list that only tells which words it holds. */
    static Wordlist of(List<String> words) {
        return new Wordlist(words.stream().collect(java.util.stream.Collectors.toMap(word -> word, _ -> 0)));
    }

    private void put(String entry, int value) {
        var blank = entry.indexOf(' ');
        var hash = blank < 0
                ? hash(entry, 0, entry.length())
                : pair(hash(entry, 0, blank), hash(entry, blank + 1, entry.length()));
        var at = slot(hash);
        if (hashes[at] != 0) {
            throw new IllegalArgumentException("'" + entry + "' stands here twice");
        }
        hashes[at] = hash;
        values[at] = value;
    }

    /** What the word with this hash stands for; {@link #NONE} if it is not here. */
    int find(long hash) {
        var at = slot(hash);
        return hashes[at] == 0 ? NONE : values[at];
    }

    private int slot(long hash) {
        var at = (int) (hash ^ hash >>> 32) & mask;
        while (hashes[at] != 0 && hashes[at] != hash) {
            at = at + 1 & mask;
        }
        return at;
    }

    /** The hash (FNV-1a) of a word in any case; never 0. */
    static long hash(CharSequence text, int from, int to) {
        var hash = OFFSET;
        for (var i = from; i < to; i++) {
            hash = (hash ^ Character.toLowerCase(text.charAt(i))) * PRIME;
        }
        return hash == 0 ? 1 : hash;
    }

    /** The hash of two words that follow one another. */
    static long pair(long first, long second) {
        return (first * 31 ^ second) * PRIME | 1;
    }
}
