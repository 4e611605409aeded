package training;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.caravan.route.Analyst;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Trains the weights by which questions are scored. {@code training/run FOLDER} prints the tables of docs/routing.md, then
 * trains on everything and writes the weights: into another file than the broker's own if a second argument names one, and after
 * another number of random splits if a third does. {@code training/run FOLDER --tune} compares settings by cross-validation on
 * the training part of the one split by hashes, and looks at nothing else.
 */
final class Train {

    private static final Path WEIGHTS = Path.of("src/main/resources/dev/caravan/route/weights.json");
    private static final String SPLITS = "40";

    private Train() {}

    static void main(String[] arguments) throws IOException {
        if (arguments.length == 0) {
            System.err.println("usage: training/run FOLDER [--tune | FILE [SPLITS]], where FOLDER holds queries.jsonl");
            System.exit(2);
        }
        var all = Sample.read(Path.of(arguments[0]));
        var split = Split.of(all);
        if (arguments.length > 1 && arguments[1].equals("--tune")) {
            Report.selection(Selection.over(new Choices(), Trainer.choices(split.training())));
            Report.selection(Selection.over(new Others(), Trainer.others(split.training())));
            return;
        }
        nested(new Choices(), Trainer.choices(all));
        nested(new Others(), Trainer.others(all));
        splits(all, Integer.parseInt(arguments.length > 2 ? arguments[2] : SPLITS));
        apart(split);
        var trainer = Trainer.chosenBy(all);
        var file = arguments.length > 1 ? Path.of(arguments[1]) : WEIGHTS;
        var json = new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT, SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);
        Files.writeString(file, json.writeValueAsString(trainer.train(all)) + "\n");
        System.out.println("\nTrained on all " + all.size() + " questions with " + trainer.settings() + ": " + file);
    }

    /** Every question scored by weights, and under settings, that were made without its subject or its tenth. */
    private static <S> void nested(Kind<S> kind, List<Sample> samples) {
        var scored = Nested.scored(kind, samples);
        System.out.println();
        Report.heading();
        Report.rows(samples, scored.scores());
        Report.difference(samples, scored.scores());
        System.out.println("Settings chosen: " + scored.chosen());
    }

    private static void splits(List<Sample> all, int count) {
        System.out.println("""

            | set | better than length alone | of those with a gap of 0.05 or more | APGR there | length alone | difference |
            |---|---|---|---|---|---|""");
        Report.splits("mmlu", Nested.splits(new Choices(), Trainer.choices(all), count));
        Report.splits("gsm8k", Nested.splits(new Others(), Trainer.others(all), count));
    }

    private static void apart(Split split) {
        var trainer = Trainer.chosenBy(split.training());
        System.out.printf("%nTrained on %d questions with %s, reported on %d others. MMLU subjects of the report: %s%n%n",
                split.training().size(), trainer.settings(), split.report().size(),
                String.join(", ", split.subjects().stream().sorted().toList()));
        var analyst = new Analyst(trainer.train(split.training()));
        Report.heading();
        for (var samples : List.of(Trainer.choices(split.report()), Trainer.others(split.report()))) {
            Report.rows(samples, samples.stream().mapToDouble(sample -> analyst.score(sample.prompt())).toArray());
        }
    }
}
