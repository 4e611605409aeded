package training;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import training.Nested.Outcome;

/** The tables of docs/routing.md, as they are printed. */
final class Report {

    /** With less of a gap than this, a split says next to nothing. */
    private static final double SMALL_GAP = 0.05;

    private Report() {}

    static void heading() {
        System.out.println("""
            | set | questions | gap | score | APGR | CPT(50 %) | CPT(80 %) |
            |---|---|---|---|---|---|---|""");
    }

    /** The score beside the length and chance. */
    static void rows(List<Sample> samples, double[] scores) {
        row(samples, "this one", scores);
        row(samples, "length alone", Sample.lengths(samples));
        row(samples, "random", new double[scores.length]);
    }

    private static void row(List<Sample> samples, String name, double[] scores) {
        var gains = Sample.gains(samples);
        var intervals = Curve.intervals(scores, gains);
        System.out.printf(Locale.ROOT, "| %s | %d | %.3f | %s | %s | %s | %s |%n",
                samples.getFirst().set(), samples.size(), Fit.mean(gains), name,
                intervals.apgr(), intervals.cpt50(), intervals.cpt80());
    }

    /** How much more than the length alone, on the same samples of the questions; and of whole subjects. */
    static void difference(List<Sample> samples, double[] scores) {
        var gains = Sample.gains(samples);
        var lengths = Sample.lengths(samples);
        System.out.printf(Locale.ROOT, "%s, APGR less that of the length alone: %s%s%n",
                samples.getFirst().set(), Curve.difference(scores, lengths, gains, null),
                samples.getFirst().isMmlu()
                        ? "; whole subjects drawn: " + Curve.difference(
                                scores, lengths, gains, samples.stream().map(Sample::group).toList())
                        : "");
    }

    static void splits(String set, List<Outcome> outcomes) {
        var clear = outcomes.stream().filter(each -> each.gap() >= SMALL_GAP).toList();
        System.out.printf(Locale.ROOT, "| %s | %s | %s | %s | %s | %s |%n",
                set, better(outcomes), better(clear), middle(clear, Outcome::apgr), middle(clear, Outcome::byLength),
                middle(clear, each -> each.apgr() - each.byLength()));
    }

    private static String better(List<Outcome> outcomes) {
        return outcomes.stream().filter(each -> each.apgr() > each.byLength()).count() + " of " + outcomes.size();
    }

    private static String middle(List<Outcome> outcomes, ToDoubleFunction<Outcome> figure) {
        var sorted = outcomes.stream().mapToDouble(figure).sorted().toArray();
        return sorted.length == 0
                ? ""
                : String.format(Locale.ROOT, "%.3f (%.3f–%.3f)",
                        sorted[sorted.length / 2], sorted[(int) (0.05 * sorted.length)], sorted[(int) (0.95 * sorted.length)]);
    }

    static void selection(Selection<?> selection) {
        for (var i = 0; i < selection.apgr().size(); i++) {
            System.out.printf(Locale.ROOT, "%.3f %s%n", selection.apgr().get(i), selection.kind().menu().get(i));
        }
        System.out.println("best: " + selection.best());
    }
}
