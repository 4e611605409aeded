package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What was measured, for people. */
record Report(Measured measured) {

    private static final double NEAR_A_CORE = 90;
    private static final double OTHERS_PERCENT = 10;
    private static final double IDLE_LOAD = 0.5;

    private static final String CLIENTS_HEAD = """
            | case | target | clients | requests/s | of ideal | p50 ms | p99 ms | first token p50 ms | p99 ms \
            | over direct p50 ms | p99 ms |
            |---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|
            """;
    private static final String COSTS_HEAD = """
            | case | target | warm-up s | CPU µs/request | of it afterwards | JIT besides | allocated KB/request | RSS MB \
            | load, % of a core | mock, % of a core | others, % of a core | right |
            |---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
            """;

    /** Writes {@code report.md} and its companions to a folder. */
    void write(Path folder) throws IOException {
        Files.writeString(folder.resolve("report.md"), markdown());
        Files.writeString(folder.resolve("report.svg"), new Plot(measured).svg());
        Csv.write(measured, folder);
    }

    String markdown() {
        var text = new StringBuilder("# Bench\n\n").append(measured.setting().markdown());
        if (!measured.isRight()) {
            text.append("\n**This run has failed**: not all answers were right, or the upstream counted other requests"
                    + " than the clients.\n");
            measured.rounds().stream()
                    .filter(round -> !round.isRight())
                    .forEach(round ->
                            text.append("\n    ").append(round.problem().replaceAll("\\s+", " ")));
            text.append('\n');
        }
        wanted(text);
        if (!measured.rounds().isEmpty()) {
            text.append("\nMedians of the rounds, with the smallest and the largest. ![The figures](report.svg)\n");
            text.append("\n## What clients see\n\n").append(CLIENTS_HEAD);
            measured.groups().forEach(group -> text.append(clients(group)));
            text.append("\n## What it costs\n\n").append(COSTS_HEAD);
            measured.groups().forEach(group -> text.append(costs(group)));
            quotients(text);
            soaks(text);
        }
        notes(text);
        return text.toString();
    }

    private void wanted(StringBuilder text) {
        var wanted = Wanted.of(measured);
        if (wanted.isEmpty()) {
            return;
        }
        text.append("\n## Wanted\n\n| what | wanted | measured | |\n|---|--:|--:|---|\n");
        wanted.forEach(one -> text.append("| %s | %s | %s | %s |%n"
                .formatted(one.what(), one.limit(), one.figure(), one.met() ? "met" : "**missed**")));
    }

    private String clients(Group group) {
        var streams = group.what().script().streams();
        return row(
                group.what().name(),
                group.target().name(),
                group.what().connections(),
                group.spread(round -> round.result().answersPerSecond()).whole("%,.0f"),
                one(group.percentOfIdeal(), "%.1f %%"),
                group.spread(round -> round.result().p50() / 1000).whole("%.2f"),
                group.spread(round -> round.result().p99() / 1000).whole("%.2f"),
                streams
                        ? group.spread(round -> round.result().firstP50() / 1000)
                                .whole("%.2f")
                        : "",
                streams
                        ? group.spread(round -> round.result().firstP99() / 1000)
                                .whole("%.2f")
                        : "",
                streams ? measured.firstOverDirect(group, Result::firstP50).whole("%.2f") : "",
                streams ? measured.firstOverDirect(group, Result::firstP99).whole("%.2f") : "");
    }

    private String costs(Group group) {
        var right = group.rounds().stream()
                .mapToLong(round -> round.result().right())
                .sum();
        var sent = group.rounds().stream()
                .mapToLong(round -> round.result().requests())
                .sum();
        return row(
                group.what().name(),
                group.target().name(),
                measured.warmUpSeconds(group),
                group.spread(Round::cpu).whole("%.1f"),
                group.spread(Round::cpuAfterwards).middle("%.1f"),
                group.spread(Round::jit).middle("%.1f"),
                group.spread(round -> round.allocated() / 1000).whole("%.1f"),
                group.spread(round -> round.lastRssBytes() / 1e6).whole("%.0f"),
                group.spread(Round::loadPercent).middle("%.0f"),
                group.spread(Round::upstreamPercent).middle("%.0f"),
                group.spread(Round::othersPercent).middle("%.0f"),
                right == sent ? "all of %,d".formatted(sent) : "%,d of %,d".formatted(right, sent));
    }

    /** A noisy machine slows both of a round alike, or nearly. */
    private void quotients(StringBuilder text) {
        var quotients = measured.quotients();
        if (!quotients.isEmpty()) {
            text.append("\n## CPU per request, round by round\n\n| case | divided | rounds | median | mean | standard error |\n"
                    + "|---|---|--:|--:|--:|--:|\n");
            quotients.forEach(quotient -> text.append(row(
                    quotient.what().name(),
                    quotient.names(),
                    quotient.rounds().size(),
                    quotient.spread().whole("%.3f"),
                    one(quotient.mean(), "%.3f"),
                    one(quotient.standardError(), "%.3f"))));
        }
    }

    private void soaks(StringBuilder text) {
        var soaks =
                measured.groups().stream().filter(group -> group.what().soaks()).toList();
        if (soaks.isEmpty()) {
            return;
        }
        text.append("\n## Memory over the soak\n\n| target | RSS MB, thirds | heap MB after a full collection, before"
                + " and after it |\n|---|--:|--:|\n");
        soaks.forEach(group -> text.append(row(
                group.target().name(),
                "%.0f, %.0f, %.0f"
                        .formatted(group.rssOfThird(1) / 1e6, group.rssOfThird(2) / 1e6, group.rssOfThird(3) / 1e6),
                group.spread(round -> round.live().before() / 1e6).middle("%.1f") + ", "
                        + group.spread(round -> round.live().after() / 1e6).middle("%.1f"))));
    }

    private void notes(StringBuilder text) {
        var notes = new ArrayList<String>();
        if (measured.setting().loadAverage() > IDLE_LOAD) {
            notes.add("The machine was not idle before it.");
        }
        if (measured.setting().profile()) {
            notes.add("The gateways ran under Flight Recorder, which costs them some CPU.");
        }
        var shortened = measured.groups().stream()
                .map(Group::what)
                .distinct()
                .filter(what -> !what.isUsual())
                .toList();
        if (!shortened.isEmpty()) {
            notes.add("Options changed these cases, so that their figures may mean little: "
                    + String.join(", ", shortened.stream().map(Case::toString).toList()));
        }
        measured.groups().forEach(group -> notes(group, notes));
        if (!notes.isEmpty()) {
            text.append("\n## To be read with care\n\n");
            notes.forEach(note -> text.append("- ").append(note).append('\n'));
        }
    }

    private static void notes(Group group, List<String> notes) {
        var name = group.what().name() + ", " + group.target().name() + ": ";
        var load = group.median(Round::loadPercent);
        var mock = group.median(Round::upstreamPercent);
        if (!group.target().isUpstream() && Math.max(load, mock) > NEAR_A_CORE) {
            notes.add(name
                    + "the load generator used %.0f %% of a core and the mock %.0f %%: one of them was the limit"
                            .formatted(load, mock));
        }
        if (group.rounds().stream().anyMatch(Round::compiles)) {
            notes.add(name
                    + "its compiler threads still used up to %.1f µs per request: it was not warm"
                            .formatted(group.spread(Round::jit).max()));
        }
        if (group.median(Round::othersPercent) > OTHERS_PERCENT) {
            notes.add(name
                    + "other programs used %.0f %% of a core meanwhile".formatted(group.median(Round::othersPercent)));
        }
        if (!group.rounds().stream().allMatch(Round::quiet)) {
            notes.add(name + "a minute after the last answer it still worked: its CPU per request is more than told");
        }
    }

    private static String one(double figure, String format) {
        return Double.isNaN(figure) ? "" : String.format(Locale.ROOT, format, figure);
    }

    private static String row(Object... cells) {
        var row = new StringBuilder("|");
        for (var cell : cells) {
            row.append(' ').append(cell).append(" |");
        }
        return row.append('\n').toString();
    }
}
