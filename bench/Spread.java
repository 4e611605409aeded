package bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.DoubleStream;

/** The median of some figures, the smallest and the largest; NaN if one of the figures is unknown. */
record Spread(double median, double min, double max) {

    private static final String UNKNOWN = "–";

    static Spread of(DoubleStream figures) {
        var sorted = figures.sorted().toArray();
        if (sorted.length == 0 || Arrays.stream(sorted).anyMatch(Double::isNaN)) {
            return new Spread(Double.NaN, Double.NaN, Double.NaN);
        }
        var middle = sorted.length / 2;
        var median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[sorted.length - 1]);
    }

    /** {@code median (min–max)}. */
    String whole(String format) {
        return Double.isNaN(median) || min == max
                ? middle(format)
                : middle(format) + String.format(Locale.ROOT, " (" + format + "–" + format + ")", min, max);
    }

    /** The median alone. */
    String middle(String format) {
        return Double.isNaN(median) ? UNKNOWN : String.format(Locale.ROOT, format, median);
    }
}
