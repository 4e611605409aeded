package training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Cross-validation in which the settings too are chosen without the questions that are scored. */
final class Nested {

    private static final int SUBJECTS_APART = 8;
    private static final double REPORTED = 0.3;

    private Nested() {}

    /**
     * Each question scored by what was trained, and chosen, without its part.
     *
     * @param chosen how often which settings were chosen
     */
    record Scored(double[] scores, Map<String, Long> chosen) {}

    private record Part<S>(List<Integer> places, S settings, double[] scores) {}

    static <S> Scored scored(Kind<S> kind, List<Sample> samples) {
        var parts = kind.sizes(samples).keySet().stream()
                .sorted()
                .toList()
                .parallelStream()
                .map(fold -> part(kind, samples, sample -> kind.outerFold(sample).equals(fold)))
                .toList();
        var scores = new double[samples.size()];
        for (var part : parts) {
            for (var i = 0; i < part.scores().length; i++) {
                scores[part.places().get(i)] = part.scores()[i];
            }
        }
        return new Scored(
                scores,
                parts.stream()
                        .collect(Collectors.groupingBy(
                                part -> part.settings().toString(), TreeMap::new, Collectors.counting())));
    }

    private static <S> Part<S> part(Kind<S> kind, List<Sample> samples, Predicate<Sample> apart) {
        var training = samples.stream().filter(apart.negate()).toList();
        var settings = Selection.over(kind, training).best();
        var figure = kind.fitted(training, settings);
        var places = IntStream.range(0, samples.size())
                .filter(i -> apart.test(samples.get(i)))
                .boxed()
                .toList();
        return new Part<>(
                places,
                settings,
                places.stream().mapToDouble(i -> figure.applyAsDouble(samples.get(i).features())).toArray());
    }

    /** What one random split came to. */
    record Outcome(double gap, double apgr, double byLength) {}

    /** Random splits: eight whole subjects, or three tenths of the other questions, are kept apart. */
    static <S> List<Outcome> splits(Kind<S> kind, List<Sample> samples, int count) {
        return IntStream.range(0, count).parallel().mapToObj(number -> split(kind, samples, number)).toList();
    }

    private static <S> Outcome split(Kind<S> kind, List<Sample> samples, int number) {
        var random = new Random(number);
        Predicate<Sample> apart;
        if (samples.getFirst().isMmlu()) {
            var subjects = new ArrayList<>(kind.sizes(samples).keySet());
            Collections.sort(subjects);
            Collections.shuffle(subjects, random);
            var taken = subjects.subList(0, Math.min(SUBJECTS_APART, subjects.size() / 2));
            apart = sample -> taken.contains(kind.outerFold(sample));
        } else {
            var taken = samples.stream().filter(_ -> random.nextDouble() < REPORTED).collect(Collectors.toSet());
            apart = taken::contains;
        }
        var part = part(kind, samples, apart);
        var reported = part.places().stream().map(samples::get).toList();
        var gains = Sample.gains(reported);
        return new Outcome(
                Fit.mean(gains),
                Curve.of(part.scores(), gains).apgr(),
                Curve.of(Sample.lengths(reported), gains).apgr());
    }
}
