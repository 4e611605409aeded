package dev.caravan.camel;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which consumer serves which path: an exact path first, then one with {@code {parameters}}, then the longest that is
 * served as a prefix. A consumer that comes later takes the place of an earlier one with the same path and method.
 * Thread-safe; a lookup takes no lock.
 */
final class DoorPaths {

    sealed interface Match permits Found, WrongMethod, Unknown {}

    record Found(DoorConsumer consumer, Map<String, String> parameters) implements Match {}

    /** @param allowed the methods that the path has, separated by commas */
    record WrongMethod(String allowed) implements Match {}

    record Unknown() implements Match {}

    private static final Pattern PARAMETER = Pattern.compile("\\{([^/}]+)}");
    private static final Match UNKNOWN = new Unknown();

    /** One path of one consumer; {@code names} are those of its parameters. */
    private record Entry(String path, Pattern pattern, List<String> names, DoorConsumer consumer) {}

    private volatile Map<String, List<Entry>> exact = Map.of();
    private volatile List<Entry> patterns = List.of();

    synchronized void add(DoorConsumer consumer) {
        var path = consumer.getEndpoint().getPath();
        var names =
                PARAMETER.matcher(path).results().map(match -> match.group(1)).toList();
        var prefix = consumer.getEndpoint().isMatchOnUriPrefix();
        var entry = new Entry(path, pattern(path, prefix), names, consumer);
        if (names.isEmpty() && !prefix) {
            var changed = new HashMap<>(exact);
            changed.merge(
                    path,
                    List.of(entry),
                    (present, added) ->
                            Stream.concat(added.stream(), present.stream()).toList());
            exact = changed;
        } else {
            patterns = Stream.concat(Stream.of(entry), patterns.stream())
                    .sorted(Comparator.comparing((Entry each) ->
                                    each.consumer().getEndpoint().isMatchOnUriPrefix())
                            .thenComparing(each -> -each.path().length()))
                    .toList();
        }
    }

    synchronized void remove(DoorConsumer consumer) {
        var changed = new HashMap<String, List<Entry>>();
        exact.forEach((path, entries) -> {
            var left = entries.stream()
                    .filter(entry -> entry.consumer() != consumer)
                    .toList();
            if (!left.isEmpty()) {
                changed.put(path, left);
            }
        });
        exact = changed;
        patterns =
                patterns.stream().filter(entry -> entry.consumer() != consumer).toList();
    }

    Match find(String method, String path) {
        var allowed = new TreeSet<String>();
        for (var entry : exact.getOrDefault(path, List.of())) {
            if (entry.consumer().serves(method)) {
                return new Found(entry.consumer(), Map.of());
            }
            allowed.addAll(entry.consumer().methods());
        }
        for (var entry : patterns) {
            var matcher = entry.pattern().matcher(path);
            if (matcher.matches()) {
                if (entry.consumer().serves(method)) {
                    return new Found(entry.consumer(), parameters(entry, matcher));
                }
                allowed.addAll(entry.consumer().methods());
            }
        }
        if (allowed.isEmpty()) {
            return UNKNOWN;
        }
        if (allowed.contains("GET")) {
            allowed.add("HEAD");
        }
        allowed.add("OPTIONS");
        return new WrongMethod(String.join(", ", allowed));
    }

    private static Map<String, String> parameters(Entry entry, Matcher matcher) {
        var parameters = new LinkedHashMap<String, String>();
        for (var i = 0; i < entry.names().size(); i++) {
            parameters.put(entry.names().get(i), matcher.group(i + 1));
        }
        return parameters;
    }

    private static Pattern pattern(String path, boolean prefix) {
        var literal = PARAMETER
                .splitAsStream(path + "\0")
                .map(part -> Pattern.quote(part.replace("\0", "")))
                .collect(Collectors.joining("([^/]+)"));
        if (!prefix) {
            return Pattern.compile(literal);
        }
        return Pattern.compile(literal + (path.endsWith("/") ? ".+" : "(?:/.*)?"), Pattern.DOTALL);
    }
}
