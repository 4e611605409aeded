package dev.caravan.route;

import java.util.List;

/**
 * How alike options are, and how much of them stands in the question: shares of words that two have in common, from 0 to 1.
 *
 * @param mean of all pairs of options
 * @param most of the pair that has most in common
 * @param toQuestion the mean share of an option's words that stand in the question too
 */
record Likeness(double mean, double most, double toQuestion) {

    static Likeness of(List<Shape> options, Shape question) {
        var words = options.stream().map(Shape::sortedWords).toList();
        var asked = question.sortedWords();
        var sum = 0.0;
        var most = 0.0;
        var pairs = 0;
        var repeated = 0.0;
        for (var i = 0; i < words.size(); i++) {
            for (var j = 0; j < i; j++) {
                var likeness = likeness(words.get(i), words.get(j));
                sum += likeness;
                most = Math.max(most, likeness);
                pairs++;
            }
            repeated += common(words.get(i), asked) / Math.max(1.0, distinct(words.get(i)));
        }
        return new Likeness(sum / Math.max(1, pairs), most, repeated / words.size());
    }

    private static double likeness(long[] one, long[] other) {
        var common = common(one, other);
        return common / Math.max(1.0, distinct(one) + distinct(other) - common);
    }

    private static int distinct(long[] sorted) {
        return common(sorted, sorted);
    }

    /** How many different values two sorted arrays have in common. */
    private static int common(long[] one, long[] other) {
        var common = 0;
        for (int i = 0, j = 0; i < one.length && j < other.length; ) {
            if (one[i] < other[j]) {
                i++;
            } else if (one[i] > other[j]) {
                j++;
            } else {
                common++;
                var value = one[i];
                while (i < one.length && one[i] == value) {
                    i++;
                }
                while (j < other.length && other[j] == value) {
                    j++;
                }
            }
        }
        return common;
    }
}
