package training;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.caravan.route.Analyst;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Trains the weights by which questions are scored. {@code training/run FOLDER} prints the report on the part that was not
 * trained on, then trains on everything and writes the weights, into another file than the broker's own if a second argument
 * names one; {@code training/run FOLDER --tune} compares settings by cross-validation on the training part, and looks at
 * nothing else.
 */
final class Train {

    private static final String HEADING = """
            | set | questions | gap | score | APGR | CPT(50 %) | CPT(80 %) |
            |---|---|---|---|---|---|---|""";
    private static final Path WEIGHTS = Path.of("src/main/resources/dev/caravan/route/weights.json");

    private Train() {}

    static void main(String[] arguments) throws IOException {
        if (arguments.length == 0) {
            System.err.println("usage: training/run FOLDER [--tune | FILE], where FOLDER holds queries.jsonl");
            System.exit(2);
        }
        var all = Sample.read(Path.of(arguments[0]));
        var split = Split.of(all);
        if (arguments.length > 1 && arguments[1].equals("--tune")) {
            Tuning.run(split.training());
            return;
        }
        var file = arguments.length > 1 ? Path.of(arguments[1]) : WEIGHTS;
        report(split);
        crossValidated(all, Settings.CHOSEN);
        var weights = new Trainer(Settings.CHOSEN).train(all);
        var json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        Files.writeString(file, json.writeValueAsString(weights) + "\n");
        System.out.println("\nTrained on all " + all.size() + " questions: " + file);
    }

    private static void report(Split split) {
        System.out.printf("Trained on %d questions, reported on %d others. MMLU subjects of the report: %s%n%n",
                split.training().size(), split.report().size(), String.join(", ", split.subjects().stream().sorted().toList()));
        var analyst = new Analyst(new Trainer(Settings.CHOSEN).train(split.training()));
        System.out.println(HEADING);
        for (var set : List.of("mmlu", "gsm8k")) {
            var samples = split.report().stream().filter(sample -> sample.set().equals(set)).toList();
            row(samples, "this one", sample -> analyst.score(sample.prompt()));
            row(samples, "length alone", sample -> sample.prompt().length());
            row(samples, "random", _ -> 0);
        }
    }

    /** Every question scored by weights that were trained without its subject, or without its tenth of GSM8K. */
    private static void crossValidated(List<Sample> all, Settings settings) {
        System.out.println("\nAll questions, each scored without its subject (MMLU) or its tenth (GSM8K) in training:\n");
        System.out.println(HEADING);
        for (var mmlu : new boolean[] {true, false}) {
            var samples = all.stream().filter(sample -> sample.isMmlu() == mmlu).toList();
            var scores = new Trainer(settings).crossValidated(samples, mmlu);
            row(samples, "this one", scores);
            row(samples, "length alone", samples.stream().mapToDouble(sample -> sample.prompt().length()).toArray());
        }
    }

    private static void row(List<Sample> samples, String name, ToDoubleFunction<Sample> score) {
        row(samples, name, samples.stream().mapToDouble(score).toArray());
    }

    private static void row(List<Sample> samples, String name, double[] scores) {
        var gains = samples.stream().mapToDouble(Sample::gain).toArray();
        var intervals = Curve.intervals(scores, gains);
        var sets = samples.stream().map(Sample::set).distinct().toList();
        System.out.printf(Locale.ROOT, "| %s | %d | %.3f | %s | %s | %s | %s |%n",
                sets.size() == 1 ? sets.getFirst() : "both", samples.size(), Fit.mean(gains), name,
                intervals.apgr(), intervals.cpt50(), intervals.cpt80());
    }
}
