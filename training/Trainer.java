package training;

import dev.caravan.route.Analyst;
import dev.caravan.route.Features;
import dev.caravan.route.Weights;
import dev.caravan.route.Weights.Line;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Makes weights of questions. */
record Trainer(Settings settings) {

    private static final Choices CHOICES = new Choices();
    private static final Others OTHERS = new Others();
    private static final Line PLAIN = new Line(0, 1);
    private static final int PERCENT = 100;

    /** With the settings that the questions themselves choose. */
    static Trainer chosenBy(List<Sample> samples) {
        return new Trainer(new Settings(
                Selection.over(CHOICES, choices(samples)).best(),
                Selection.over(OTHERS, others(samples)).best()));
    }

    static List<Sample> choices(List<Sample> samples) {
        return samples.stream().filter(Sample::isMmlu).toList();
    }

    static List<Sample> others(List<Sample> samples) {
        return samples.stream().filter(sample -> !sample.isMmlu()).toList();
    }

    /** Trains on all of {@code samples}. */
    Weights train(List<Sample> samples) {
        var choices = choices(samples);
        var others = others(samples);
        var fitted = CHOICES.weights(choices, settings.choices());
        var choice = Choices.with(fitted, fitted.spread(), fitted.length(), line(CHOICES, choices, training ->
                CHOICES.weights(training, settings.choices()).asGain()));
        var open = new Weights.Open(OTHERS.terms(others, settings.others()), line(OTHERS, others, training ->
                new Weights.Open(OTHERS.terms(training, settings.others()), PLAIN).asGain()));
        var unscaled = weights(samples, choice, open, 0, 1, List.of(1.0, 0.0));
        var gains = samples.stream()
                .mapToDouble(sample -> gain(unscaled, sample.features()))
                .sorted()
                .toArray();
        var middle = Fit.round(gains[gains.length / 2]);
        var width = Fit.round(Fit.deviation(gains, Fit.mean(gains)) / 2);
        var scaled = weights(samples, choice, open, middle, width, List.of(1.0, 0.0));
        return weights(samples, choice, open, middle, width, shares(samples, scaled));
    }

    private static Weights weights(
            List<Sample> samples,
            Weights.Choice choice,
            Weights.Open open,
            double middle,
            double width,
            List<Double> shares) {
        var sets = new TreeMap<String, Integer>();
        samples.forEach(sample -> sets.merge(sample.set(), 1, Integer::sum));
        return new Weights(sets.toString(), choice, open, middle, width, shares);
    }

    private static double gain(Weights weights, Features features) {
        return features.isChoice()
                ? weights.choice().asGain().applyAsDouble(features)
                : weights.open().asGain().applyAsDouble(features);
    }

    private interface Fitting {
        ToDoubleFunction<Features> on(List<Sample> samples);
    }

    /** What a figure says of the gain: least squares over questions that were not trained on. */
    private static Line line(Kind<?> kind, List<Sample> samples, Fitting fitting) {
        var figures = held(kind, samples, fitting);
        var gains = Sample.gains(samples);
        var mean = Fit.mean(figures);
        var gainMean = Fit.mean(gains);
        var deviation = Fit.deviation(figures, mean);
        var covariance = IntStream.range(0, gains.length)
                .mapToDouble(i -> (figures[i] - mean) * (gains[i] - gainMean))
                .average()
                .orElse(0);
        // a figure that says nothing must not turn the order round
        var slope = Math.max(covariance / (deviation * deviation), 0.005 / deviation);
        return new Line(Fit.round(gainMean - slope * mean), Fit.round(slope));
    }

    private static double[] held(Kind<?> kind, List<Sample> samples, Fitting fitting) {
        var figures = new double[samples.size()];
        kind.sizes(samples).keySet().stream().sorted().forEach(fold -> {
            var rest = samples.stream().filter(sample -> !kind.outerFold(sample).equals(fold)).toList();
            var figure = fitting.on(rest);
            for (var i = 0; i < figures.length; i++) {
                if (kind.outerFold(samples.get(i)).equals(fold)) {
                    figures[i] = figure.applyAsDouble(samples.get(i).features());
                }
            }
        });
        return figures;
    }

    private static List<Double> shares(List<Sample> samples, Weights weights) {
        var analyst = new Analyst(weights);
        var scores = samples.stream()
                .map(sample -> analyst.score(sample.prompt()))
                .sorted(Collections.reverseOrder())
                .toList();
        var shares = new ArrayList<Double>();
        for (var percent = 0; percent <= PERCENT; percent++) {
            shares.add(scores.get(Math.min(scores.size() - 1, percent * scores.size() / PERCENT)));
        }
        return shares;
    }
}
