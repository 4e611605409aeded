package dev.caravan.camel;

import java.util.List;
import java.util.regex.Pattern;
import org.apache.camel.LineNumberAware;
import org.jspecify.annotations.Nullable;

/** Where something stands in a file of routes. */
final class RouteLines {

    private final List<String> lines;

    RouteLines(String text) {
        this.lines = text.lines().toList();
    }

    /**
     * The line, counted from 1, of a step or route; null if Camel does not know it. Camel counts from the first field of a
     * mapping, which stands below the step's name or, in braces, beside it.
     */
    @Nullable
    Integer of(LineNumberAware definition, String name) {
        var line = definition.getLineNumber();
        if (line < 0 || lines.isEmpty()) {
            return null;
        }
        return near(line, name + ":");
    }

    /** The nearest line at or above {@code line} that holds {@code part}, else the one below it; else {@code line}. */
    int near(int line, String part) {
        var at = within(line);
        for (var above = at; above >= Math.max(1, at - 3); above--) {
            if (lines.get(above - 1).contains(part)) {
                return above;
            }
        }
        return at < lines.size() && lines.get(at).contains(part) ? at + 1 : at;
    }

    /** The same line, or the last one if the file ends before it. */
    int within(int line) {
        return Math.clamp(line, 1, Math.max(1, lines.size()));
    }

    /** The line of a value, such as the name of a bean: the first at or below {@code from}; null if there is none. */
    @Nullable
    Integer find(@Nullable Integer from, String value) {
        var word = Pattern.compile("(?<![\\w.-])" + Pattern.quote(value) + "(?![\\w-]|\\.\\w)");
        for (var line = from == null ? 1 : from; line <= lines.size(); line++) {
            if (word.matcher(lines.get(line - 1)).find()) {
                return line;
            }
        }
        return from;
    }

    /** Whether nothing but comments stands there. */
    boolean areEmpty() {
        return lines.stream()
                .map(String::strip)
                .allMatch(line -> line.isEmpty() || line.startsWith("#") || line.equals("---") || line.equals("[]"));
    }
}
