package bench;

import java.util.List;
import java.util.Locale;

/** A picture that is written from top to bottom. */
final class Svg {

    /** Where a text is held. */
    enum Anchor {
        START,
        MIDDLE,
        END
    }

    /** A place in the picture, in pixels from its upper left corner. */
    record Point(double x, double y) {}

    private final StringBuilder content = new StringBuilder();

    void text(double x, double y, int size, Anchor anchor, String text) {
        content.append(format(
                "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%d\" text-anchor=\"%s\">%s</text>%n",
                x,
                y,
                size,
                anchor.name().toLowerCase(Locale.ROOT),
                text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")));
    }

    void box(double x, double y, double width, double height, String colour) {
        content.append(format(
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>%n",
                x, y, width, height, colour));
    }

    void line(Point from, Point to, String colour) {
        path(List.of(from, to), colour, 1);
    }

    void path(List<Point> points, String colour, double width) {
        var all = new StringBuilder();
        points.forEach(point -> all.append(format("%.1f,%.1f ", point.x(), point.y())));
        content.append(format(
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%.1f\"/>%n",
                all.toString().strip(), colour, width));
    }

    /** The whole picture, on white. */
    String of(double width, double height) {
        return format("""
                <svg xmlns="http://www.w3.org/2000/svg" width="%1$.0f" height="%2$.0f" viewBox="0 0 %1$.0f %2$.0f" \
                font-family="sans-serif" fill="#222222">
                <rect width="100%%" height="100%%" fill="#ffffff"/>
                %3$s</svg>
                """, width, height, content);
    }

    private static String format(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
