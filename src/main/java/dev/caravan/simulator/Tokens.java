package dev.caravan.simulator;

import java.util.ArrayList;
import java.util.List;

/** Tokens as the simulator counts them: four characters each. */
final class Tokens {

    private static final int CHARACTERS = 4;

    private Tokens() {}

    /** At least 1. */
    static int count(String text) {
        return Math.max(1, ofCharacters(text.length()));
    }

    static int ofCharacters(int characters) {
        return (characters + CHARACTERS - 1) / CHARACTERS;
    }

    /** The first {@code limit} tokens of a text. */
    static String cut(String text, int limit) {
        if (count(text) <= limit) {
            return text;
        }
        var end = limit * CHARACTERS;
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end);
    }

    /** The pieces that a stream sends: words, each with the white space before it. Joined they are the text. */
    static List<String> pieces(String text) {
        var pieces = new ArrayList<String>();
        var start = 0;
        for (var i = 1; i < text.length(); i++) {
            if (Character.isWhitespace(text.charAt(i)) && !Character.isWhitespace(text.charAt(i - 1))) {
                pieces.add(text.substring(start, i));
                start = i;
            }
        }
        if (!text.isEmpty()) {
            pieces.add(text.substring(start));
        }
        return pieces;
    }
}
