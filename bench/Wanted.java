package bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A figure that is wanted of the broker.
 *
 * @param what what of
 * @param limit what is wanted, for a person
 * @param figure what was measured, for a person
 * @param met whether that is enough
 */
record Wanted(String what, String limit, String figure, boolean met) {

    private static final double CPU_MICROS = 100;
    private static final double TIMES_THE_REFERENCE = 1.5;
    private static final double PERCENT_OF_IDEAL = 90;
    private static final double FIRST_TOKEN_MILLIS = 2;
    private static final double RSS_PERCENT = 5;

    /** All that the run has figures for. */
    static List<Wanted> of(Measured measured) {
        var all = new ArrayList<Wanted>();
        for (var name : List.of("instant-32", "instant-256")) {
            broker(measured, name).ifPresent(group -> all.add(cpu(group)));
        }
        for (var name : List.of("instant-32", "instant-256")) {
            broker(measured, name)
                    .ifPresent(group ->
                            measured.group(name, "reference").ifPresent(other -> all.add(ratio(group, other))));
        }
        broker(measured, "slow").map(Wanted::rate).ifPresent(all::add);
        broker(measured, "streams")
                .filter(group -> measured.group("streams", Target.DIRECT).isPresent())
                .map(group -> firstToken(measured, group))
                .ifPresent(all::add);
        broker(measured, "soak").map(Wanted::memory).ifPresent(all::add);
        for (var kind : Start.Kind.values()) {
            if (!measured.starts().isEmpty()) {
                all.add(start(measured, kind));
            }
        }
        return all;
    }

    private static Optional<Group> broker(Measured measured, String name) {
        return measured.group(name, "broker");
    }

    private static Wanted cpu(Group group) {
        var cpu = group.spread(Round::cpu);
        return new Wanted(
                "CPU per unary request, keys, planning, breaker and usage event to Kafka on: " + name(group),
                "≤ %.0f µs".formatted(CPU_MICROS),
                cpu.whole("%.1f") + " µs",
                cpu.median() <= CPU_MICROS);
    }

    private static Wanted ratio(Group group, Group reference) {
        var ratio = group.median(Round::cpu) / reference.median(Round::cpu);
        return new Wanted(
                "The same against the plain reference: " + name(group),
                "≤ %.1f times".formatted(TIMES_THE_REFERENCE),
                text("%.2f times (%.1f µs)", ratio, reference.median(Round::cpu)),
                ratio <= TIMES_THE_REFERENCE);
    }

    private static Wanted rate(Group group) {
        return new Wanted(
                "Requests/s of the ideal rate: " + name(group),
                "≥ %.0f %%".formatted(PERCENT_OF_IDEAL),
                text(
                        "%.1f %% (%,.0f of %,.0f)",
                        group.percentOfIdeal(),
                        group.median(round -> round.result().answersPerSecond()),
                        group.what().ideal()),
                group.percentOfIdeal() >= PERCENT_OF_IDEAL);
    }

    private static Wanted firstToken(Measured measured, Group group) {
        var over = measured.firstOverDirect(group, Result::firstP50);
        return new Wanted(
                "Time to first token over direct (p50): " + name(group),
                "≤ %.0f ms".formatted(FIRST_TOKEN_MILLIS),
                over.whole("%.2f") + " ms",
                over.median() <= FIRST_TOKEN_MILLIS);
    }

    private static Wanted memory(Group group) {
        var second = group.rssOfThird(2);
        var last = group.rssOfThird(3);
        var percent = (last / second - 1) * 100;
        return new Wanted(
                "RSS, last third against the second, over %,d s of soak at %,d requests/s"
                        .formatted(group.rssBytes().size(), group.what().perSecond()),
                "within %.0f %%".formatted(RSS_PERCENT),
                text("%+.1f %% (%.0f MB, then %.0f MB)", percent, second / 1e6, last / 1e6),
                Math.abs(percent) <= RSS_PERCENT);
    }

    private static Wanted start(Measured measured, Start.Kind kind) {
        var seconds = measured.starts(kind);
        return new Wanted(
                "Start until ready: " + kind.description,
                text("≤ %.1f s", kind.wantedSeconds),
                seconds.whole("%.2f") + " s",
                seconds.median() <= kind.wantedSeconds);
    }

    private static String name(Group group) {
        return "%s (%,d clients)".formatted(group.what().name(), group.what().connections());
    }

    private static String text(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
