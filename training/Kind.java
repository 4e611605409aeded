package training;

import dev.caravan.route.Features;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * One kind of question: how figures of its gain are made, and what must be kept together when they are checked.
 *
 * @param <S> its settings
 */
interface Kind<S> {

    /** What there is to choose from; of equals the first is taken. */
    List<S> menu();

    /** What {@code training} makes of a question under each of the menu's settings, in deviations. */
    List<ToDoubleFunction<Features>> fitted(List<Sample> training);

    /** The same under one of them. */
    ToDoubleFunction<Features> fitted(List<Sample> training, S settings);

    /** The part that a question is scored with when all are, by what was trained without that part. */
    String outerFold(Sample sample);

    /** The parts for choosing settings, by {@link #outerFold}. */
    Map<String, Integer> innerFolds(List<Sample> training);

    /** Those that say which settings are better. */
    default List<Sample> judges(List<Sample> training) {
        return training;
    }

    /** In deviations over the questions trained on: figures of several trainings can be ranked together. */
    static ToDoubleFunction<Features> standardised(ToDoubleFunction<Features> figure, List<Sample> training) {
        var figures = training.stream().mapToDouble(sample -> figure.applyAsDouble(sample.features())).toArray();
        var mean = Fit.mean(figures);
        var deviation = Fit.deviation(figures, mean);
        return features -> (figure.applyAsDouble(features) - mean) / deviation;
    }

    /** How many questions each outer fold has. */
    default Map<String, Long> sizes(List<Sample> samples) {
        return samples.stream().collect(Collectors.groupingBy(this::outerFold, Collectors.counting()));
    }
}
