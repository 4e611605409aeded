package dev.caravan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bench, so short that its figures mean nothing: it still runs, and all that took part have counted the same. */
class BenchIT {

    @TempDir
    private Path folder;

    @Test
    @DisplayName("The bench measures broker, reference and mock, whole and streamed, and writes its report")
    void measures() throws Exception {
        var log = folder.resolve("bench.log");
        var builder = new ProcessBuilder(
                        "bench/run",
                        "--cases",
                        "instant-32,streams",
                        "--connections",
                        "4",
                        "--seconds",
                        "1",
                        "--rounds",
                        "1",
                        "--warm-up",
                        "0")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("BENCH_TARGET", folder.toString());

        assertThat(builder.start().waitFor()).as(() -> read(log)).isZero();

        var rounds = table(folder.resolve("rounds.csv"));
        assertThat(rounds)
                .extracting(row -> row.get(0) + " " + row.get(1))
                .containsExactly(
                        "instant-32 broker",
                        "instant-32 reference",
                        "instant-32 direct",
                        "streams broker",
                        "streams reference",
                        "streams direct");
        assertThat(rounds).allSatisfy(row -> {
            assertThat(Long.parseLong(row.get(4))).isPositive();
            assertThat(row.get(5)).as("right answers").isEqualTo(row.get(4));
            assertThat(row.get(6)).as("requests that the upstream counted").isEqualTo(row.get(4));
        });
        assertThat(rounds)
                .filteredOn(row -> !row.get(1).equals("direct"))
                .allSatisfy(row -> assertThat(Double.parseDouble(row.get(16)))
                        .as("allocated bytes per request")
                        .isPositive());
        assertThat(read(folder.resolve("report.md")))
                .contains("CPU per unary request", "The same against the plain reference", "Time to first token over");
        assertThat(DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(folder.resolve("report.svg").toFile())
                        .getDocumentElement()
                        .getTagName())
                .isEqualTo("svg");
    }

    /** The lines after the first, in cells. */
    private static List<List<String>> table(Path file) {
        return read(file)
                .lines()
                .skip(1)
                .map(line -> Arrays.asList(line.split(",", -1)))
                .toList();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
