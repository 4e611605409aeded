package training;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How well a score chooses who is worth the strong model, by the measures of the RouteLLM paper (arXiv 2406.18665).
 *
 * @param apgr the area under the share of the gap recovered, over the share of strong calls; at random 0.5
 * @param cpt50 the smallest share of strong calls that recovers half of the gap; at random 0.5
 * @param cpt80 the same for 80 % of it
 */
record Curve(double apgr, double cpt50, double cpt80) {

    /** A figure with the ends of its 95 % interval. */
    record Interval(double value, double low, double high) {

        @Override
        public String toString() {
            return String.format(java.util.Locale.ROOT, "%.3f (%.3f–%.3f)", value, low, high);
        }
    }

    /** The three figures with their intervals. */
    record Intervals(Interval apgr, Interval cpt50, Interval cpt80) {}

    private static final int RESAMPLES = 2_000;

    /** Questions with equal scores count as if they came in any order. */
    static Curve of(double[] scores, double[] gains) {
        var order = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -scores[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        var total = Arrays.stream(gains).sum();
        var sorted = new double[order.length];
        for (int from = 0, to; from < order.length; from = to) {
            to = from;
            var sum = 0.0;
            while (to < order.length && scores[order[to]] == scores[order[from]]) {
                sum += gains[order[to++]];
            }
            Arrays.fill(sorted, from, to, sum / (to - from));
        }
        var area = 0.0;
        var recovered = 0.0;
        var cpt50 = Double.NaN;
        var cpt80 = Double.NaN;
        for (var i = 0; i < sorted.length; i++) {
            var before = recovered;
            recovered += sorted[i] / total;
            area += (before + recovered) / 2;
            cpt50 = Double.isNaN(cpt50) && recovered >= 0.5 ? (i + 1.0) / sorted.length : cpt50;
            cpt80 = Double.isNaN(cpt80) && recovered >= 0.8 ? (i + 1.0) / sorted.length : cpt80;
        }
        return new Curve(area / sorted.length, cpt50, cpt80);
    }

    /** With intervals from {@value #RESAMPLES} bootstrap samples of the questions. */
    static Intervals intervals(double[] scores, double[] gains) {
        var random = new Random(1);
        var figures = new double[3][RESAMPLES];
        for (var sample = 0; sample < RESAMPLES; sample++) {
            var drawn = random.ints(scores.length, 0, scores.length).toArray();
            var curve = of(
                    Arrays.stream(drawn).mapToDouble(i -> scores[i]).toArray(),
                    Arrays.stream(drawn).mapToDouble(i -> gains[i]).toArray());
            figures[0][sample] = curve.apgr();
            figures[1][sample] = curve.cpt50();
            figures[2][sample] = curve.cpt80();
        }
        var value = of(scores, gains);
        return new Intervals(
                interval(value.apgr(), figures[0]),
                interval(value.cpt50(), figures[1]),
                interval(value.cpt80(), figures[2]));
    }

    /**
     * How much more one score's {@link #apgr} is than another's, on the same bootstrap samples.
     *
     * @param groups of each question what it is drawn together with; null draws single questions
     */
    static Interval difference(double[] one, double[] other, double[] gains, @Nullable List<String> groups) {
        var random = new Random(1);
        var together = together(gains.length, groups);
        var differences = new double[RESAMPLES];
        for (var sample = 0; sample < RESAMPLES; sample++) {
            var drawn = random.ints(together.length, 0, together.length)
                    .mapToObj(i -> together[i])
                    .flatMapToInt(Arrays::stream)
                    .toArray();
            differences[sample] = apgr(one, gains, drawn) - apgr(other, gains, drawn);
        }
        return interval(of(one, gains).apgr() - of(other, gains).apgr(), differences);
    }

    private static int[][] together(int count, @Nullable List<String> groups) {
        var places = IntStream.range(0, count).boxed();
        return places.collect(Collectors.groupingBy(
                        i -> groups == null ? String.valueOf(i) : groups.get(i), TreeMap::new, Collectors.toList()))
                .values().stream()
                .map(each -> each.stream().mapToInt(Integer::intValue).toArray())
                .toArray(int[][]::new);
    }

    private static double apgr(double[] scores, double[] gains, int[] drawn) {
        return of(
                        Arrays.stream(drawn).mapToDouble(i -> scores[i]).toArray(),
                        Arrays.stream(drawn).mapToDouble(i -> gains[i]).toArray())
                .apgr();
    }

    private static Interval interval(double value, double[] resampled) {
        Arrays.sort(resampled);
        return new Interval(
                value, resampled[(int) (0.025 * resampled.length)], resampled[(int) (0.975 * resampled.length)]);
    }
}
