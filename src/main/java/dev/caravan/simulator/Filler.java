package dev.caravan.simulator;

import java.util.Random;

/** Text that means nothing and depends on its prompt alone: the same on every machine and in every version of Java. */
final class Filler {

    private static final String[] WORDS = """
            amber basin candle drift ember fable garden harbor island journey kettle lantern meadow needle orchard
            pebble quarry river saddle timber umbrella valley willow yonder across before carries gathers holds keeps
            lightly moves never often passes quietly rests slowly toward under waits while with and beyond the a its""".split("\\s+");

    private Filler() {}

    /** Between 20 and 60 words in sentences; {@code variant} tells the choices of one prompt apart. */
    static String text(String prompt, int variant) {
        // The algorithms of both String.hashCode and Random are part of their specification.
        var random = new Random(31L * prompt.hashCode() + variant);
        var text = new StringBuilder(400);
        var words = 20 + random.nextInt(41);
        var sentenceEnd = 0;
        for (var i = 0; i < words; i++) {
            var word = WORDS[random.nextInt(WORDS.length)];
            if (i == sentenceEnd) {
                sentenceEnd = Math.min(words, i + 5 + random.nextInt(8));
                word = Character.toUpperCase(word.charAt(0)) + word.substring(1);
            }
            text.append(i == 0 ? "" : " ").append(word).append(i + 1 == sentenceEnd ? "." : "");
        }
        return text.toString();
    }
}
