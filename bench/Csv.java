package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What was measured, for spreadsheets: one line for each round, each second of a round, each start. */
final class Csv {

    private static final String ROUNDS = "case,target,round,clients,requests,right,reached,seconds,requests_per_s,"
            + "p50_us,p99_us,first_p50_us,first_p99_us,cpu_us,cpu_afterwards_us,jit_us,allocated_bytes,rss_bytes,"
            + "live_before_bytes,live_after_bytes,load_core_percent,upstream_core_percent,others_core_percent";

    private Csv() {}

    static void write(Measured measured, Path folder) throws IOException {
        var rounds = new ArrayList<>(List.of(ROUNDS));
        var memory = new ArrayList<>(List.of("case,target,round,second,rss_bytes"));
        for (var round : measured.rounds()) {
            rounds.add(line(round));
            var second = 0;
            for (var bytes : round.rssBytes()) {
                memory.add(line(round.what().name(), round.target().name(), round.number(), ++second, bytes));
            }
        }
        var starts = new ArrayList<>(List.of("kind,number,seconds"));
        measured.starts()
                .forEach(start -> starts.add(
                        line(start.kind().name().toLowerCase(Locale.ROOT), start.number(), start.seconds())));
        Files.write(folder.resolve("rounds.csv"), rounds);
        Files.write(folder.resolve("memory.csv"), memory);
        Files.write(folder.resolve("starts.csv"), starts);
    }

    private static String line(Round round) {
        var result = round.result();
        return line(
                round.what().name(),
                round.target().name(),
                round.number(),
                round.what().connections(),
                result.requests(),
                result.right(),
                round.reached(),
                result.seconds(),
                result.answersPerSecond(),
                result.p50(),
                result.p99(),
                result.firstP50(),
                result.firstP99(),
                round.cpu(),
                round.cpuAfterwards(),
                round.jit(),
                round.allocated(),
                round.lastRssBytes(),
                round.live().before(),
                round.live().after(),
                round.loadPercent(),
                round.upstreamPercent(),
                round.othersPercent());
    }

    /** An unknown figure is an empty cell. */
    private static String line(Object... cells) {
        var line = new ArrayList<String>();
        for (var cell : cells) {
            line.add(
                    cell instanceof Double figure
                            ? figure.isNaN() ? "" : String.format(Locale.ROOT, "%.3f", figure)
                            : cell.toString());
        }
        return String.join(",", line);
    }
}
