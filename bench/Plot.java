package bench;

import bench.Svg.Anchor;
import bench.Svg.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The figures as a picture: bars for each case, with whiskers from the smallest to the largest round; memory over time. */
final class Plot {

    private static final Map<String, String> COLOURS = Map.of(
            "broker", "#0072b2",
            "reference", "#e69f00",
            "direct", "#999999",
            "simulator", "#009e73",
            "other", "#cc79a7");
    private static final String GRID = "#dddddd";
    private static final String INK = "#222222";
    private static final int WIDTH = 980;
    private static final int MARGIN = 20;
    private static final int PANEL = 158;
    private static final int BARS_HEIGHT = 110;
    private static final int LINES_HEIGHT = 220;
    private static final int AXIS = 50;

    private final Measured measured;
    private final List<Group> groups;
    private final Svg svg = new Svg();
    private double top = 30;

    Plot(Measured measured) {
        this.measured = measured;
        this.groups = measured.groups();
    }

    String svg() {
        var x = (double) MARGIN;
        for (var name :
                groups.stream().map(group -> group.target().name()).distinct().toList()) {
            svg.box(x, top - 10, 10, 10, COLOURS.get(name));
            svg.text(x + 15, top, 12, Anchor.START, name);
            x += 100;
        }
        svg.text(
                WIDTH - MARGIN,
                top,
                11,
                Anchor.END,
                measured.setting().when() + ", " + measured.setting().commit());
        bars("Requests/s", "%,.0f", Plot::answersPerSecond);
        bars("CPU, µs per request, without compiler threads", "%.0f", Round::cpu);
        bars("Heap allocated, KB per request", "%.1f", round -> round.allocated() / 1000);
        bars("Latency, p50, ms", "%.2f", round -> round.result().p50() / 1000);
        bars("Latency, p99, ms", "%.2f", round -> round.result().p99() / 1000);
        bars("Time to first token, p50, ms", "%.2f", Plot::firstToken);
        memory();
        return svg.of(WIDTH, top + MARGIN);
    }

    private void bars(String title, String format, ToDoubleFunction<Round> figure) {
        if (groups.stream().allMatch(group -> Double.isNaN(group.median(figure)))) {
            return;
        }
        top += 40;
        svg.text(MARGIN, top, 14, Anchor.START, title);
        top += 30;
        var left = (double) MARGIN;
        for (var what : groups.stream().map(Group::what).distinct().toList()) {
            var known = groups.stream()
                    .filter(group -> group.what().equals(what))
                    .filter(group -> !Double.isNaN(group.median(figure)))
                    .toList();
            if (!known.isEmpty()) {
                panel(left, what.name(), known, format, figure);
                left += PANEL;
            }
        }
        top += BARS_HEIGHT + 16;
    }

    private void panel(double left, String name, List<Group> known, String format, ToDoubleFunction<Round> figure) {
        var bottom = top + BARS_HEIGHT;
        var largest = known.stream()
                .mapToDouble(group -> group.spread(figure).max())
                .max()
                .orElse(1);
        var width = (PANEL - 20.0) / Math.max(1, known.size());
        var scale = BARS_HEIGHT / Math.max(largest, Double.MIN_NORMAL);
        var x = left;
        for (var group : known) {
            var spread = group.spread(figure);
            var middle = x + width / 2;
            svg.box(
                    x + 3,
                    bottom - spread.median() * scale,
                    width - 6,
                    spread.median() * scale,
                    COLOURS.get(group.target().name()));
            svg.line(
                    new Point(middle, bottom - spread.min() * scale),
                    new Point(middle, bottom - spread.max() * scale),
                    INK);
            svg.text(middle, bottom - spread.max() * scale - 3, 10, Anchor.MIDDLE, spread.middle(format));
            x += width;
        }
        svg.line(new Point(left, bottom), new Point(left + PANEL - 20, bottom), INK);
        svg.text(left + (PANEL - 20) / 2.0, bottom + 14, 11, Anchor.MIDDLE, name);
    }

    /** The mock's own only where all could reach the same: beside it the others would not be seen. */
    private static double answersPerSecond(Round round) {
        return round.target().isUpstream() && Double.isNaN(round.what().ideal())
                ? Double.NaN
                : round.result().answersPerSecond();
    }

    /** In milliseconds; NaN for an answer in one. */
    private static double firstToken(Round round) {
        return round.what().script().streams() ? round.result().firstP50() / 1000 : Double.NaN;
    }

    private void memory() {
        var soaks = groups.stream()
                .filter(group -> group.what().soaks() && !group.target().isUpstream())
                .filter(group -> group.rssBytes().size() > 1)
                .toList();
        if (soaks.isEmpty()) {
            return;
        }
        top += 40;
        svg.text(MARGIN, top, 14, Anchor.START, "RSS over the soak, MB; seconds");
        top += 16;
        var seconds =
                soaks.stream().mapToInt(group -> group.rssBytes().size()).max().orElseThrow();
        var largest = soaks.stream()
                        .flatMap(group -> group.rssBytes().stream())
                        .mapToLong(Long::longValue)
                        .max()
                        .orElseThrow()
                * 1.1;
        grid(seconds, largest);
        for (var group : soaks) {
            var points = new ArrayList<Point>();
            var rss = group.rssBytes();
            for (var second = 0; second < rss.size(); second++) {
                points.add(new Point(
                        AXIS + MARGIN + across(second, seconds), top + LINES_HEIGHT * (1 - rss.get(second) / largest)));
            }
            svg.path(points, COLOURS.get(group.target().name()), 1.5);
        }
        top += LINES_HEIGHT + 20;
    }

    private void grid(int seconds, double largest) {
        var left = AXIS + MARGIN;
        for (var fifth = 0; fifth <= 5; fifth++) {
            var y = top + LINES_HEIGHT * (1 - fifth / 5.0);
            svg.line(new Point(left, y), new Point(WIDTH - MARGIN, y), GRID);
            svg.text(left - 5, y + 4, 10, Anchor.END, "%.0f".formatted(largest * fifth / 5 / 1e6));
        }
        for (var third = 0; third <= 3; third++) {
            var x = left + across((seconds - 1) * third / 3.0, seconds);
            svg.line(new Point(x, top), new Point(x, top + LINES_HEIGHT), GRID);
            svg.text(x, top + LINES_HEIGHT + 14, 10, Anchor.MIDDLE, "%.0f".formatted(seconds * third / 3.0));
        }
    }

    private static double across(double second, int seconds) {
        return (WIDTH - 2 * MARGIN - AXIS) * second / Math.max(1, seconds - 1);
    }
}
