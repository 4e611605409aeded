package training;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.route.Features;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One question, and what two models made of it.
 *
 * @param set {@code mmlu} or {@code gsm8k}
 * @param subject of MMLU only
 * @param weak whether the weak model answered right
 * @param strong whether the strong one did
 */
record Sample(String set, @Nullable String subject, String prompt, boolean weak, boolean strong, Features features) {

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Line(
            String set,
            @Nullable String subject,
            String prompt,
            @JsonProperty("weak_correct") boolean weak,
            @JsonProperty("strong_correct") boolean strong) {}

    /** What the strong model gains: 1 where it alone is right, -1 where it alone is wrong. */
    double gain() {
        return (strong ? 1 : 0) - (weak ? 1 : 0);
    }

    static double[] gains(List<Sample> samples) {
        return samples.stream().mapToDouble(Sample::gain).toArray();
    }

    static double[] lengths(List<Sample> samples) {
        return samples.stream().mapToDouble(sample -> sample.prompt().length()).toArray();
    }

    boolean isMmlu() {
        return set.equals("mmlu");
    }

    /** What is kept together in a split: an MMLU subject, or a single question. */
    String group() {
        return subject == null ? prompt : subject;
    }

    /** Reads {@code queries.jsonl} of a folder. */
    static List<Sample> read(Path folder) throws IOException {
        var json = new ObjectMapper();
        try (var lines = Files.lines(folder.resolve("queries.jsonl"))) {
            return lines.map(text -> {
                        try {
                            return json.readValue(text, Line.class);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .map(line -> new Sample(
                            line.set(),
                            line.subject(),
                            line.prompt(),
                            line.weak(),
                            line.strong(),
                            Features.of(line.prompt())))
                    .toList();
        }
    }
}
