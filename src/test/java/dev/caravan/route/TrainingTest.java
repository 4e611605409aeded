package dev.caravan.route;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The trainer in {@code training/}, on questions that were made up: so it is known to work where the real ones are not at hand. */
class TrainingTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder = Path.of("");

    @Test
    @DisplayName(
            "A4 Training repeats: the same questions give the same weights, which the broker can read, and a report")
    void repeats() throws Exception {
        compile();
        Files.write(folder.resolve("queries.jsonl"), questions());

        var report = train("one.json");
        train("other.json");

        assertThat(report)
                .contains("| mmlu | 240 |", "| gsm8k | 120 |", "length alone")
                .contains("mmlu, APGR less that of the length alone", "whole subjects drawn")
                .contains("| mmlu | ", " of 1 |");
        assertThat(folder.resolve("one.json")).hasSameTextualContentAs(folder.resolve("other.json"));
        var weights = JSON.readValue(folder.resolve("one.json").toFile(), Weights.class);
        assertThat(weights.shares()).hasSize(101);
        assertThat(new Analyst(weights).score("How many apples are left, if each of them ate two, and then three?"))
                .isBetween(0.0, 1.0);
        // not in the order of a map's hashes, which differs from one process to the next
        assertThat(List.copyOf(JSON.readTree(folder.resolve("one.json").toFile())
                        .at("/choice/easiness")
                        .properties()))
                .extracting(Map.Entry::getKey)
                .isSorted();
        assertThat(shareAbove(weights, 0.3)).isCloseTo(0.3, within(0.02));
        assertThat(shareAbove(weights, 0.1)).isCloseTo(0.1, within(0.02));
    }

    /** How many of the questions trained on score more than the threshold of a share. */
    private static double shareAbove(Weights weights, double share) {
        var analyst = new Analyst(weights);
        return questions().stream()
                .mapToDouble(line -> analyst.score(prompt(line)) > weights.threshold(share) ? 1 : 0)
                .average()
                .orElseThrow();
    }

    private static String prompt(String line) {
        try {
            return JSON.readTree(line).path("prompt").asText();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void compile() throws IOException {
        try (var sources = Files.list(Path.of("training"))) {
            var arguments = new ArrayList<>(List.of(
                    "-proc:none", "-nowarn", "-d", folder.toString(), "-cp", System.getProperty("java.class.path")));
            sources.filter(file -> file.toString().endsWith(".java")).forEach(file -> arguments.add(file.toString()));
            var complaints = new ByteArrayOutputStream();
            var status = ToolProvider.getSystemJavaCompiler()
                    .run(null, complaints, complaints, arguments.toArray(String[]::new));
            assertThat(status).as(complaints.toString(UTF_8)).isZero();
        }
    }

    private String train(String weights) throws Exception {
        var out = System.out;
        var printed = new ByteArrayOutputStream();
        try (var loader = new URLClassLoader(
                new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
            System.setOut(new PrintStream(printed, true, UTF_8));
            var main = loader.loadClass("training.Train").getDeclaredMethod("main", String[].class);
            main.setAccessible(true);
            main.invoke(null, (Object)
                    new String[] {folder.toString(), folder.resolve(weights).toString(), "1"});
            return printed.toString(UTF_8);
        } finally {
            System.setOut(out);
        }
    }

    /** Of the harder ones, which are longer, only the strong model knows half. */
    private static List<String> questions() {
        var random = new Random(3);
        return Stream.concat(
                        Stream.iterate(0, i -> i < 240, i -> i + 1)
                                .map(i -> line(
                                        random,
                                        "mmlu",
                                        "subject_" + i % 12,
                                        "\nA. one\nB. two, or 3\nC. all of these\nAnswer:")),
                        Stream.iterate(0, i -> i < 120, i -> i + 1).map(_ -> line(random, "gsm8k", null, "")))
                .toList();
    }

    private static String line(
            Random random, String set, @org.jspecify.annotations.Nullable String subject, String options) {
        var words = 5 + random.nextInt(60);
        var prompt = new StringBuilder("Why");
        for (var i = 0; i < words; i++) {
            prompt.append(i % 9 == 8 ? ", " : " ")
                    .append(random.nextInt(5) == 0 ? random.nextInt(2_000) : "word" + random.nextInt(50));
        }
        var hard = random.nextInt(65) < words;
        var fields = new java.util.LinkedHashMap<String, Object>(Map.of(
                "set",
                set,
                "prompt",
                prompt + "?" + options,
                "weak_correct",
                !hard,
                "strong_correct",
                !hard || random.nextBoolean()));
        if (subject != null) {
            fields.put("subject", subject);
        }
        return JSON.valueToTree(fields).toString();
    }
}
