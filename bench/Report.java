package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What was measured, for people and for spreadsheets. */
record Report(List<Round> rounds) {

    private static final String HEAD = """
            | case | target | clients | requests/s | p50 ms | p99 ms | first byte p50 ms | CPU µs/request \
            | without JIT | afterwards | RSS MB | load µs | mock µs | right |
            |---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
            """;
    private static final String CSV_HEAD = "case,target,round,clients,requests,right,reached,seconds,requests_per_s,"
            + "p50_us,p99_us,first_p50_us,first_p99_us,cpu_us,cpu_without_jit_us,cpu_afterwards_us,rss_bytes,"
            + "load_cpu_us,upstream_cpu_us";

    /** Medians of the rounds, with the smallest and the largest where it matters. */
    String markdown() {
        var table = new StringBuilder(HEAD);
        for (var group : groups()) {
            var any = group.getFirst();
            var right = group.stream().mapToLong(round -> round.result().right()).sum();
            var sent = group.stream().mapToLong(round -> round.result().requests()).sum();
            table.append("| %s | %s | %d | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |%n"
                    .formatted(
                            any.what().name(),
                            any.target().name(),
                            any.what().connections(),
                            spread(group, Round::perSecond, "%,.0f"),
                            median(group, round -> round.result().p50() / 1000, "%.2f"),
                            median(group, round -> round.result().p99() / 1000, "%.2f"),
                            median(group, round -> round.result().firstP50() / 1000, "%.2f"),
                            spread(group, Round::cpu, "%.1f"),
                            median(group, Round::withoutJit, "%.1f"),
                            median(group, Round::afterwards, "%.1f"),
                            median(group, round -> round.rssBytes() / 1e6, "%.0f"),
                            median(group, Round::loadCpu, "%.1f"),
                            median(group, Round::upstreamCpu, "%.1f"),
                            right == sent ? "all of %,d".formatted(sent) : "%,d of %,d".formatted(right, sent)));
        }
        return table.toString();
    }

    void writeCsv(Path file) throws IOException {
        var lines = new ArrayList<String>();
        lines.add(CSV_HEAD);
        rounds.forEach(round -> lines.add(csv(round)));
        Files.write(file, lines);
    }

    private List<List<Round>> groups() {
        var groups = new ArrayList<List<Round>>();
        for (var round : rounds) {
            var group = groups.stream()
                    .filter(known -> known.getFirst().what().equals(round.what())
                            && known.getFirst().target().equals(round.target()))
                    .findFirst();
            group.orElseGet(() -> {
                        groups.add(new ArrayList<>());
                        return groups.getLast();
                    })
                    .add(round);
        }
        return groups;
    }

    private static String csv(Round round) {
        var result = round.result();
        return String.format(
                Locale.ROOT,
                "%s,%s,%d,%d,%d,%d,%d,%.3f,%.1f,%.1f,%.1f,%.1f,%.1f,%.2f,%.2f,%.2f,%d,%.2f,%.2f",
                round.what().name(),
                round.target().name(),
                round.number(),
                round.what().connections(),
                result.requests(),
                result.right(),
                round.reached(),
                result.seconds(),
                round.perSecond(),
                result.p50(),
                result.p99(),
                result.firstP50(),
                result.firstP99(),
                round.cpu(),
                round.withoutJit(),
                round.afterwards(),
                round.rssBytes(),
                round.loadCpu(),
                round.upstreamCpu());
    }

    private static String median(List<Round> rounds, ToDoubleFunction<Round> figure, String format) {
        var sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        var middle = sorted.length / 2;
        var median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return String.format(Locale.ROOT, format, median);
    }

    private static String spread(List<Round> rounds, ToDoubleFunction<Round> figure, String format) {
        var figures = rounds.stream().mapToDouble(figure).summaryStatistics();
        return median(rounds, figure, format)
                + String.format(Locale.ROOT, " (" + format + "–" + format + ")", figures.getMin(), figures.getMax());
    }
}
