package training;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Settings chosen by cross-validation over the questions that are trained on, and no others.
 *
 * @param apgr what each of the menu's settings came to, each question scored by what was trained without its part
 */
record Selection<S>(Kind<S> kind, List<Double> apgr) {

    static <S> Selection<S> over(Kind<S> kind, List<Sample> training) {
        var folds = kind.innerFolds(training);
        var judges = kind.judges(training);
        var figures = new double[kind.menu().size()][judges.size()];
        folds.values().stream().distinct().sorted().forEach(fold -> {
            var rest = training.stream()
                    .filter(sample -> !folds.get(kind.outerFold(sample)).equals(fold))
                    .toList();
            var fitted = kind.fitted(rest);
            for (var i = 0; i < judges.size(); i++) {
                var judge = judges.get(i);
                if (folds.get(kind.outerFold(judge)).equals(fold)) {
                    for (var each = 0; each < figures.length; each++) {
                        figures[each][i] = fitted.get(each).applyAsDouble(judge.features());
                    }
                }
            }
        });
        var gains = Sample.gains(judges);
        var apgr = new ArrayList<Double>();
        for (var each : figures) {
            apgr.add(Curve.of(each, gains).apgr());
        }
        return new Selection<>(kind, List.copyOf(apgr));
    }

    /** The settings with the best figure. */
    S best() {
        var best = IntStream.range(0, apgr.size()).reduce(0, (one, other) -> apgr.get(other) > apgr.get(one) ? other : one);
        return kind.menu().get(best);
    }
}
