package training;

import dev.caravan.route.Features;
import dev.caravan.route.Weights;
import dev.caravan.route.Weights.Line;
import dev.caravan.route.Weights.Term;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import training.Settings.OfOthers;

/** Questions without options: GSM8K, by tenths. */
final class Others implements Kind<OfOthers> {

    private static final int TENTHS = 10;
    private static final Line PLAIN = new Line(0, 1);

    @Override
    public List<OfOthers> menu() {
        return OfOthers.MENU;
    }

    @Override
    public List<ToDoubleFunction<Features>> fitted(List<Sample> training) {
        return menu().stream().map(settings -> fitted(training, settings)).toList();
    }

    @Override
    public ToDoubleFunction<Features> fitted(List<Sample> training, OfOthers settings) {
        return Kind.standardised(new Weights.Open(terms(training, settings), PLAIN).asGain(), training);
    }

    Map<String, Term> terms(List<Sample> training, OfOthers settings) {
        return new Fit(training, Features.NAMES, settings.features())
                .gain(training.stream().mapToDouble(Sample::gain).toArray(), settings.penalty());
    }

    @Override
    public String outerFold(Sample sample) {
        return String.valueOf(Split.fold(sample.prompt(), TENTHS));
    }

    @Override
    public Map<String, Integer> innerFolds(List<Sample> training) {
        var folds = new HashMap<String, Integer>();
        training.forEach(sample -> folds.put(outerFold(sample), Split.fold(sample.prompt(), TENTHS)));
        return folds;
    }
}
