package dev.caravan.cooperation;

import org.jspecify.annotations.Nullable;

/**
 * By what free texts are told to be alike, and why by that.
 *
 * @param model whose vectors are compared; null where it is not by vectors
 * @param instead why it is not by the vectors that were wanted; null where none were, and where it is
 */
record Likeness(
        Similarity similarity,
        @Nullable String model,
        @Nullable String instead) {

    /** By the words that they share. */
    static final Likeness WORDS = new Likeness(new TokenOverlap(), null, null);

    static Likeness byVectors(Vectors vectors, String model) {
        return new Likeness(vectors, model, null);
    }

    static Likeness byWords(String instead) {
        return new Likeness(WORDS.similarity, null, instead);
    }

    /** As a part of a sentence. */
    String text() {
        if (model != null) {
            return "by the vectors of '" + model + "'";
        }
        return "by the words they share" + (instead == null ? "" : ", since " + instead);
    }
}
