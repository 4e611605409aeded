package dev.caravan.cooperation;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/** Text without case, space, punctuation and emphasis. No state. */
final class PlainText {

    private static final Pattern GROUPED = Pattern.compile("(?<=\\d),(?=\\d{3}(?!\\d))");
    private static final Pattern APOSTROPHE = Pattern.compile("(?<=\\p{L})['’](?=\\p{L})");

    /** What stands between digits belongs to them (3.14, 12:30, 1/2), and so does a minus before one. */
    private static final Pattern PUNCTUATION =
            Pattern.compile("(?!(?<=\\d)\\p{P}(?=\\d))(?!(?<![\\p{L}\\p{N}])-(?=\\d))[\\p{P}`^~\\p{Z}\\s\\p{Cntrl}]");

    private static final Pattern BLANKS = Pattern.compile(" +");

    private PlainText() {}

    /** The same for texts that differ in form alone; never empty for one that is not blank. */
    static String of(String text) {
        var folded = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        var joined = APOSTROPHE.matcher(GROUPED.matcher(folded).replaceAll("")).replaceAll("");
        var plain = BLANKS.matcher(PUNCTUATION.matcher(joined).replaceAll(" "))
                .replaceAll(" ")
                .strip();
        return plain.isEmpty() ? folded.strip() : plain;
    }
}
