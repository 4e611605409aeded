package training;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Compares settings on the training part: each MMLU subject is scored without itself, GSM8K by tenths. The subject that the
 * split keeps out of the report for its size is kept out of these figures too.
 */
final class Tuning {

    private static final int LARGE = 600;

    private Tuning() {}

    static void run(List<Sample> training) {
        var sizes = new LinkedHashMap<String, Integer>();
        training.forEach(sample -> sizes.merge(sample.group(), 1, Integer::sum));
        var mmlu = training.stream().filter(Sample::isMmlu).toList();
        var gsm8k = training.stream().filter(sample -> !sample.isMmlu()).toList();
        var length = mmlu.stream().mapToDouble(sample -> sample.prompt().length()).toArray();
        System.out.printf(Locale.ROOT, "mmlu  length alone %.3f%n", apgr(mmlu, length, sizes));
        candidates().forEach((name, settings) -> System.out.printf(
                Locale.ROOT, "mmlu  %-40s %.3f%n", name,
                apgr(mmlu, new Trainer(settings).crossValidated(mmlu, true), sizes)));
        var openLength = gsm8k.stream().mapToDouble(sample -> sample.prompt().length()).toArray();
        System.out.printf(Locale.ROOT, "gsm8k length alone %.3f%n", apgr(gsm8k, openLength, sizes));
        openCandidates().forEach((name, settings) -> System.out.printf(
                Locale.ROOT, "gsm8k %-40s %.3f%n", name,
                apgr(gsm8k, new Trainer(settings).crossValidated(gsm8k, false), sizes)));
    }

    private static double apgr(List<Sample> samples, double[] scores, Map<String, Integer> sizes) {
        var kept = java.util.stream.IntStream.range(0, scores.length)
                .filter(i -> sizes.get(samples.get(i).group()) < LARGE)
                .toArray();
        return Curve.of(
                        Arrays.stream(kept).mapToDouble(i -> scores[i]).toArray(),
                        Arrays.stream(kept).mapToDouble(i -> samples.get(i).gain()).toArray())
                .apgr();
    }

    private static Map<String, Settings> candidates() {
        var candidates = new LinkedHashMap<String, Settings>();
        for (var penalty : new double[] {30, 100, 300}) {
            for (var alone : new double[] {100, 300, 1e6}) {
                for (var weight : new double[] {0, 0.5, 1}) {
                    candidates.put(
                            "penalties " + penalty + " and " + alone + ", length " + weight,
                            choice(penalty, alone, 0.25, weight));
                }
            }
        }
        candidates.put("chance 0.2", choice(100, 300, 0.2, 0.5));
        return candidates;
    }

    private static Map<String, Settings> openCandidates() {
        var candidates = new LinkedHashMap<String, Settings>();
        for (var penalty : new double[] {30, 300, 1000, 3000}) {
            candidates.put("length, clauses, kinds of numbers, " + penalty, open(penalty, Settings.CHOSEN.openFeatures()));
            candidates.put("length and clauses, " + penalty, open(penalty, List.of("words", "commas", "words_per_sentence")));
            candidates.put("every feature, " + penalty, open(penalty, dev.caravan.route.Features.NAMES));
        }
        return candidates;
    }

    private static Settings choice(double penalty, double alone, double chance, double lengthWeight) {
        var chosen = Settings.CHOSEN;
        return new Settings(penalty, alone, chance, lengthWeight, chosen.perSubject(), chosen.openPenalty(), chosen.openFeatures());
    }

    private static Settings open(double penalty, List<String> features) {
        var chosen = Settings.CHOSEN;
        return new Settings(
                chosen.penalty(), chosen.alonePenalty(), chosen.chance(), chosen.lengthWeight(), chosen.perSubject(), penalty, features);
    }
}
