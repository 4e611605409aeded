package dev.caravan.simulator;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A vector for a text, made of the text alone: the same on every machine, of length 1, and the nearer to that of another
 * text the more words and pieces of words they share. It knows nothing of what words mean.
 *
 * <p>Each word, and each run of three letters in it, adds 1 or -1 to a coordinate, both told by its hash.
 *
 * @see <a href="https://arxiv.org/abs/0902.2206">Weinberger and others, Feature Hashing for Large Scale Multitask Learning</a>
 */
public final class TextVector {

    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{N}]+");
    private static final int RUN = 3;

    /** A word says more than a piece of it. */
    private static final float WORD = 2;

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private TextVector() {}

    /**
     * The vector of a text; also one without any words has one.
     *
     * @param dimensions how many coordinates it has, at least 1
     */
    public static float[] of(String text, int dimensions) {
        var vector = new float[dimensions];
        for (var word : BETWEEN_WORDS.split(text.toLowerCase(Locale.ROOT))) {
            if (!word.isEmpty()) {
                add(vector, word, WORD);
                var marked = "<" + word + ">";
                for (var i = 0; i + RUN <= marked.length(); i++) {
                    add(vector, marked.substring(i, i + RUN), 1);
                }
            }
        }
        var square = 0.0;
        for (var each : vector) {
            square += (double) each * each;
        }
        if (square == 0) {
            vector[0] = 1;
            return vector;
        }
        var length = Math.sqrt(square);
        for (var i = 0; i < dimensions; i++) {
            vector[i] = (float) (vector[i] / length);
        }
        return vector;
    }

    private static void add(float[] vector, String feature, float weight) {
        var hash = hash(feature);
        var sign = (hash & 1) == 0 ? 1 : -1;
        vector[(int) Long.remainderUnsigned(hash >>> 1, vector.length)] += sign * weight;
    }

    /** FNV-1a with 64 bits, and a last stir, for its low bits are poor. */
    private static long hash(String feature) {
        var hash = FNV_OFFSET;
        for (var i = 0; i < feature.length(); i++) {
            hash = (hash ^ feature.charAt(i)) * FNV_PRIME;
        }
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        return hash ^ (hash >>> 33);
    }
}
