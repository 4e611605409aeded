package dev.caravan.cooperation;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * The share of words that two texts have in common, of all that they have together.
 *
 * @see <a href="https://en.wikipedia.org/wiki/Jaccard_index">Jaccard index</a>
 */
final class TokenOverlap implements Similarity {

    /** Two texts that share half of their words. */
    private static final double ALIKE = 0.5;

    @Override
    public double alike() {
        return ALIKE;
    }

    @Override
    public String by() {
        return "token_overlap";
    }

    @Override
    public double between(String one, String other) {
        var words = words(one);
        var others = words(other);
        var common = new HashSet<>(words);
        common.retainAll(others);
        var all = words.size() + others.size() - common.size();
        return all == 0 ? 1 : (double) common.size() / all;
    }

    private static Set<String> words(String text) {
        return new HashSet<>(Arrays.asList(PlainText.of(text).split(" ")));
    }
}
