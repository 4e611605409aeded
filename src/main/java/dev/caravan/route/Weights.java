package dev.caravan.route;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * What training has made of questions that a weak and a strong model were asked: {@code training/} makes it, docs/routing.md
 * says from what and how good it is. Immutable.
 *
 * @param trainedOn how many questions of which sets
 * @param choice for multiple choices
 * @param open for all other questions
 * @param middle the expected gain at which the score is a half
 * @param width how much more gain moves the score on from there
 * @param shares the scores above which 0 %, 1 % … 100 % of the questions lie
 */
@JsonNaming(SnakeCaseStrategy.class)
public record Weights(String trainedOn, Choice choice, Open open, double middle, double width, List<Double> shares) {

    /** Where training puts it. */
    public static final String RESOURCE = "/dev/caravan/route/weights.json";

    /** However odd a question is, no single feature counts for more deviations than this. */
    private static final double FARTHEST = 4;

    public Weights {
        shares = List.copyOf(shares);
    }

    /**
     * What one feature counts for.
     *
     * @param mean its mean over the questions
     * @param deviation its standard deviation
     * @param weight what one deviation counts for
     */
    public record Term(double mean, double deviation, double weight) {

        double of(double value) {
            return weight * Math.clamp((value - mean) / deviation, -FARTHEST, FARTHEST);
        }
    }

    /**
     * How a standardised figure becomes the expected gain: the share of questions that the strong model wins, less the
     * share that it loses.
     */
    public record Line(double offset, double slope) {

        double at(double figure) {
            return offset + slope * figure;
        }
    }

    /**
     * Multiple choices: one difficulty and two abilities, as in item response theory. What is very easy both know, and what
     * is very hard neither does, so the gain is greatest between.
     *
     * @param easiness what the features say of the question
     * @param strongOnly what more they say of it for the strong model alone
     * @param weak the weak model's ability
     * @param strong the strong model's
     * @param chance the share that is right by guessing
     * @param spread the mean and deviation of the gain so computed, and its weight beside the length
     * @param length the same for the length, taken as a logarithm
     */
    public record Choice(
            Map<String, Term> easiness,
            Map<String, Term> strongOnly,
            double weak,
            double strong,
            double chance,
            Term spread,
            Term length,
            Line line) {

        public Choice {
            easiness = Map.copyOf(easiness);
            strongOnly = Map.copyOf(strongOnly);
        }

        /** The expected gain of a question. */
        public ToDoubleFunction<Features> asGain() {
            var forBoth = new Sum(easiness);
            var forStrong = new Sum(strongOnly);
            return features -> {
                var easy = forBoth.of(features);
                var raw = (1 - chance) * (logistic(easy + forStrong.of(features) + strong) - logistic(easy + weak));
                return line.at(spread.of(raw) + length.of(features.value(0)));
            };
        }
    }

    /** Other questions: a sum over a few features. */
    public record Open(Map<String, Term> terms, Line line) {

        public Open {
            terms = Map.copyOf(terms);
        }

        /** The expected gain of a question. */
        public ToDoubleFunction<Features> asGain() {
            var sum = new Sum(terms);
            return features -> line.at(sum.of(features));
        }
    }

    /** Terms by place instead of by name. */
    private static final class Sum {

        private final int[] places;
        private final Term[] terms;

        Sum(Map<String, Term> byName) {
            var names = byName.keySet().stream().sorted().toList();
            places = names.stream().mapToInt(Features.NAMES::indexOf).toArray();
            terms = names.stream().map(byName::get).toArray(Term[]::new);
            for (var i = 0; i < places.length; i++) {
                if (places[i] < 0) {
                    throw new IllegalStateException(
                            "the weights name a feature '" + names.get(i) + "' that is not there");
                }
            }
        }

        double of(Features features) {
            var sum = 0.0;
            for (var i = 0; i < places.length; i++) {
                sum += terms[i].of(features.value(places[i]));
            }
            return sum;
        }
    }

    static double logistic(double value) {
        return 1 / (1 + Math.exp(-value));
    }

    /** The score for an expected gain: from 0 to 1, a half at the {@link #middle}. */
    double score(double gain) {
        return logistic((gain - middle) / width);
    }

    /** The score that so many of the questions are above, as far as training has seen them. */
    double threshold(double share) {
        var at = Math.clamp(share, 0, 1) * (shares.size() - 1);
        var below = (int) at;
        var above = Math.min(below + 1, shares.size() - 1);
        return shares.get(below) + (at - below) * (shares.get(above) - shares.get(below));
    }

    /** Reads what {@code training/} has written. */
    public static Weights load() {
        try (var json = Objects.requireNonNull(Weights.class.getResourceAsStream(RESOURCE), RESOURCE)) {
            return new ObjectMapper().readValue(json, Weights.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
