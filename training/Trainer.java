package training;

import dev.caravan.route.Analyst;
import dev.caravan.route.Features;
import dev.caravan.route.Weights;
import dev.caravan.route.Weights.Line;
import dev.caravan.route.Weights.Term;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Makes weights of questions. */
record Trainer(Settings settings) {

    private static final Line PLAIN = new Line(0, 1);
    private static final int FOLDS = 10;
    private static final int PERCENT = 100;

    /** A figure that has no bounds yet, of a question that was not trained on. */
    private interface Figure {
        double of(Features features);
    }

    /** Trains on all of {@code samples}. */
    Weights train(List<Sample> samples) {
        var choices = samples.stream().filter(Sample::isMmlu).toList();
        var others = samples.stream().filter(sample -> !sample.isMmlu()).toList();
        var choice = choice(choices).withLine(calibrated(choices, held(choices, this::choiceFigure)));
        var open = new Weights.Open(openTerms(others), calibrated(others, held(others, this::openFigure)));
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

    /**
     * The scores of questions by weights that were trained without them: each MMLU subject without itself, GSM8K by tenths.
     */
    double[] crossValidated(List<Sample> samples, boolean mmlu) {
        return mmlu ? held(samples, this::choiceFigure) : held(samples, this::openFigure);
    }

    private static Weights weights(
            List<Sample> samples,
            Choice choice,
            Weights.Open open,
            double middle,
            double width,
            List<Double> shares) {
        var sets = new TreeMap<String, Integer>();
        samples.forEach(sample -> sets.merge(sample.set(), 1, Integer::sum));
        return new Weights(sets.toString(), choice.weights(), open, middle, width, shares);
    }

    private record Choice(Weights.Choice weights) {

        Choice withLine(Line line) {
            return new Choice(new Weights.Choice(
                    weights.easiness(),
                    weights.strongOnly(),
                    weights.weak(),
                    weights.strong(),
                    weights.chance(),
                    weights.spread(),
                    weights.length(),
                    line));
        }
    }

    private Choice choice(List<Sample> samples) {
        var sizes = new HashMap<String, Integer>();
        samples.forEach(sample -> sizes.merge(sample.group(), 1, Integer::sum));
        var counts = samples.stream()
                .mapToDouble(sample -> Math.min(1, settings.perSubject() / (double) sizes.get(sample.group())))
                .toArray();
        var ability = new Fit(samples, Features.NAMES, Features.NAMES)
                .ability(samples, counts, settings, Settings.CALCULATION);
        var length = column(samples, Features.NAMES.indexOf("characters"));
        var lengthMean = Fit.mean(length);
        var lengthTerm = new Term(
                Fit.round(lengthMean), Fit.round(Fit.deviation(length, lengthMean)), settings.lengthWeight());
        var plain = new Weights.Choice(
                ability.easiness(),
                ability.strongOnly(),
                Fit.round(ability.weak()),
                Fit.round(ability.strong()),
                settings.chance(),
                new Term(0, 1, 1),
                new Term(0, 1, 0),
                PLAIN);
        var raw = samples.stream().mapToDouble(figure(plain)).toArray();
        var rawMean = Fit.mean(raw);
        var spread = new Term(Fit.round(rawMean), Fit.round(Fit.deviation(raw, rawMean)), 1);
        return new Choice(new Weights.Choice(
                plain.easiness(), plain.strongOnly(), plain.weak(), plain.strong(), settings.chance(), spread, lengthTerm, PLAIN));
    }

    private static java.util.function.ToDoubleFunction<Sample> figure(Weights.Choice choice) {
        var gain = choice.asGain();
        return sample -> gain.applyAsDouble(sample.features());
    }

    private Figure choiceFigure(List<Sample> samples) {
        return choice(samples).weights().asGain()::applyAsDouble;
    }

    private Map<String, Term> openTerms(List<Sample> samples) {
        return new Fit(samples, Features.NAMES, settings.openFeatures())
                .gain(samples.stream().mapToDouble(Sample::gain).toArray(), settings.openPenalty());
    }

    private Figure openFigure(List<Sample> samples) {
        return new Weights.Open(openTerms(samples), PLAIN).asGain()::applyAsDouble;
    }

    private static double gain(Weights weights, Features features) {
        return features.isChoice()
                ? weights.choice().asGain().applyAsDouble(features)
                : weights.open().asGain().applyAsDouble(features);
    }

    private interface Fitting {
        Figure on(List<Sample> samples);
    }

    private static double[] held(List<Sample> samples, Fitting fitting) {
        var figures = new double[samples.size()];
        var folds = samples.stream()
                .map(sample -> sample.isMmlu() ? sample.group() : "" + Split.fold(sample.prompt(), FOLDS))
                .toList();
        folds.stream().distinct().sorted().forEach(fold -> {
            var rest = IntStream.range(0, samples.size())
                    .filter(i -> !folds.get(i).equals(fold))
                    .mapToObj(samples::get)
                    .toList();
            var figure = fitting.on(rest);
            for (var i = 0; i < figures.length; i++) {
                if (folds.get(i).equals(fold)) {
                    figures[i] = figure.of(samples.get(i).features());
                }
            }
        });
        return figures;
    }

    /** What a figure says of the gain: least squares over questions that were not trained on. */
    private static Line calibrated(List<Sample> samples, double[] figures) {
        var gains = samples.stream().mapToDouble(Sample::gain).toArray();
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

    private static double[] column(List<Sample> samples, int place) {
        return samples.stream().mapToDouble(sample -> sample.features().values()[place]).toArray();
    }
}
