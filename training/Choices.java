package training;

import dev.caravan.route.Features;
import dev.caravan.route.Weights;
import dev.caravan.route.Weights.Line;
import dev.caravan.route.Weights.Term;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import training.Settings.OfChoices;

/** Multiple choices: MMLU, of which whole subjects are kept together. */
final class Choices implements Kind<OfChoices> {

    /** Of four options, a quarter is right by guessing. */
    private static final double CHANCE = 0.25;

    /** A subject with more questions than this counts as if it had so many. */
    private static final int PER_SUBJECT = 200;

    private static final int INNER_FOLDS = 5;
    private static final Line PLAIN = new Line(0, 1);

    /**
     * What tells a calculation. There the strong model often begins to calculate where only a letter counts, so that it is
     * taken to be wrong.
     */
    private static final List<String> CALCULATION = List.of(
            "options_with_numbers", "options_of_numbers", "all_options_are_numbers", "option_symbols", "numbers",
            "number_share", "operators");

    @Override
    public List<OfChoices> menu() {
        return OfChoices.MENU;
    }

    @Override
    public List<ToDoubleFunction<Features>> fitted(List<Sample> training) {
        var fitted = new ArrayList<ToDoubleFunction<Features>>();
        Weights.Choice last = null;
        OfChoices before = null;
        for (var settings : menu()) {
            var same = before != null
                    && before.penalty() == settings.penalty()
                    && before.alonePenalty() == settings.alonePenalty();
            last = same ? with(last, last.spread(), length(training, settings), PLAIN) : weights(training, settings);
            before = settings;
            fitted.add(Kind.standardised(last.asGain(), training));
        }
        return fitted;
    }

    @Override
    public ToDoubleFunction<Features> fitted(List<Sample> training, OfChoices settings) {
        return Kind.standardised(weights(training, settings).asGain(), training);
    }

    /** Fitted on {@code training}; its line is yet to be drawn. */
    Weights.Choice weights(List<Sample> training, OfChoices settings) {
        var sizes = sizes(training);
        var counts = training.stream()
                .mapToDouble(sample -> Math.min(1, PER_SUBJECT / (double) sizes.get(outerFold(sample))))
                .toArray();
        var ability = new Fit(training, Features.NAMES, Features.NAMES)
                .ability(training, counts, CHANCE, settings, CALCULATION);
        var plain = new Weights.Choice(
                ability.easiness(),
                ability.strongOnly(),
                Fit.round(ability.weak()),
                Fit.round(ability.strong()),
                CHANCE,
                new Term(0, 1, 1),
                new Term(0, 1, 0),
                PLAIN);
        var gain = plain.asGain();
        var raw = training.stream().mapToDouble(sample -> gain.applyAsDouble(sample.features())).toArray();
        return with(plain, term(raw, 1), length(training, settings), PLAIN);
    }

    private static Term length(List<Sample> training, OfChoices settings) {
        var place = Features.NAMES.indexOf("characters");
        return term(
                training.stream().mapToDouble(sample -> sample.features().values()[place]).toArray(),
                settings.lengthWeight());
    }

    private static Term term(double[] values, double weight) {
        var mean = Fit.mean(values);
        return new Term(Fit.round(mean), Fit.round(Fit.deviation(values, mean)), weight);
    }

    static Weights.Choice with(Weights.Choice weights, Term spread, Term length, Line line) {
        return new Weights.Choice(
                weights.easiness(), weights.strongOnly(), weights.weak(), weights.strong(), weights.chance(), spread, length, line);
    }

    @Override
    public String outerFold(Sample sample) {
        return sample.group();
    }

    /** The largest subject first, each to the part that is smallest. */
    @Override
    public Map<String, Integer> innerFolds(List<Sample> training) {
        var sizes = sizes(training);
        var parts = new long[INNER_FOLDS];
        var folds = new HashMap<String, Integer>();
        sizes.keySet().stream()
                .sorted(Comparator.comparing((String subject) -> -sizes.get(subject)).thenComparing(Comparator.naturalOrder()))
                .forEach(subject -> {
                    var smallest = 0;
                    for (var i = 1; i < parts.length; i++) {
                        smallest = parts[i] < parts[smallest] ? i : smallest;
                    }
                    parts[smallest] += sizes.get(subject);
                    folds.put(subject, smallest);
                });
        return folds;
    }

    /** Nobody knows how large a new subject will be: none may decide alone. */
    @Override
    public List<Sample> judges(List<Sample> training) {
        var seen = new HashMap<String, Integer>();
        return training.stream()
                .filter(sample -> seen.merge(outerFold(sample), 1, Integer::sum) <= PER_SUBJECT)
                .toList();
    }
}
