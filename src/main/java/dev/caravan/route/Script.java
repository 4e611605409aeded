package dev.caravan.route;

import java.util.Locale;
import java.util.Map;

/** In what writing a text is, which is as much of its language as can be told without knowing words. */
final class Script {

    private static final int LOOKED_AT = 400;

    private static final Map<Character.UnicodeScript, String> NAMES = Map.of(
            Character.UnicodeScript.HAN, "chinese",
            Character.UnicodeScript.HIRAGANA, "japanese",
            Character.UnicodeScript.KATAKANA, "japanese",
            Character.UnicodeScript.HANGUL, "korean");

    private Script() {}

    /** The writing of the first letter that is not Latin, else {@code latin}; {@code none} without letters. */
    static String of(String text) {
        var found = "none";
        var end = Math.min(text.length(), LOOKED_AT);
        for (var at = 0; at < end; at++) {
            var c = text.charAt(at);
            if (c < 128) {
                found = Character.isLetter(c) ? "latin" : found;
            } else if (Character.isLetter(c)) {
                var script = Character.UnicodeScript.of(c);
                if (script != Character.UnicodeScript.LATIN && script != Character.UnicodeScript.GREEK) {
                    return NAMES.getOrDefault(script, script.name().toLowerCase(Locale.ROOT));
                }
            }
        }
        return found;
    }
}
