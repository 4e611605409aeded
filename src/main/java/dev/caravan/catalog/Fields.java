package dev.caravan.catalog;

import static java.util.Comparator.comparingInt;

import dev.caravan.chat.WhenUnsupported;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one mapping, read by name and kind; whatever is wrong goes to the {@link Problems}. In JSON a number must
 * be a number; in YAML, where {@code ${NAME}} makes everything a text, what counts is how it reads. Not thread-safe.
 */
public final class Fields {

    /** What is no name may be a key that a blank is missing before, and errors are shown to everybody. */
    private static final Pattern SAYABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,39}");

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ms|s|m)?");

    private final Node.Mapping mapping;
    private final String prefix;
    private final boolean json;
    private final Problems problems;

    Fields(Node.Mapping mapping, String prefix, boolean json, Problems problems) {
        this.mapping = mapping;
        this.prefix = prefix;
        this.json = json;
        this.problems = problems;
    }

    /** The fields of {@code node}, which has to be a mapping. */
    public static Optional<Fields> of(Node node, String prefix, boolean json, Problems problems) {
        if (node instanceof Node.Mapping mapping) {
            return Optional.of(new Fields(mapping, prefix, json, problems));
        }
        problems.add(node.line(), prefix, json ? "must be a JSON object" : "must be fields, as in 'name: value'");
        return Optional.empty();
    }

    /** Refuses every field that is not one of {@code names}. */
    public void only(List<String> names) {
        mapping.members().forEach((name, member) -> {
            if (!names.contains(name)) {
                var near = names.stream()
                        .filter(known -> distance(known, name) <= Math.max(2, name.length() / 3))
                        .min(comparingInt(known -> distance(known, name)));
                problems.add(
                        member.line(),
                        prefix + name,
                        "unknown field"
                                + (SAYABLE.matcher(name).matches()
                                        ? " '" + name + "'"
                                        : ", whose name may hold a secret")
                                + ";"
                                + near.map(known -> " did you mean '" + known + "'?")
                                        .orElse("")
                                + " the fields here are " + String.join(", ", names));
            }
        });
    }

    /** All of them, in their order. */
    public Map<String, Node.Member> members() {
        return mapping.members();
    }

    public int line() {
        return mapping.line();
    }

    /** The line of a field; that of the mapping, if it is not there. */
    public int line(String name) {
        var member = mapping.members().get(name);
        return member == null ? line() : member.line();
    }

    public boolean has(String name) {
        return mapping.members().containsKey(name);
    }

    /** Whether the field says null, or in YAML nothing. */
    public boolean isNull(String name) {
        var member = mapping.members().get(name);
        return member != null && member.value() instanceof Node.Scalar scalar && scalar.kind() == Node.Kind.NULL;
    }

    /** Whether the field is there and says nothing: null, or no text. */
    public boolean isEmpty(String name) {
        var member = mapping.members().get(name);
        return member != null
                && member.value() instanceof Node.Scalar scalar
                && scalar.text().isBlank();
    }

    /** Tells that the field is wrong. */
    public void wrong(String name, String message) {
        problems.add(line(name), prefix + name, message);
    }

    /** Tells that a field is missing, unless it is there. */
    public void require(String name) {
        if (!has(name) || (isNull(name) && !json)) {
            wrong(name, "'" + name + "' is missing");
        }
    }

    public Optional<String> text(String name) {
        return scalar(name, Node.Kind.TEXT, "a text", Optional::of);
    }

    public Optional<Boolean> flag(String name) {
        return scalar(name, Node.Kind.FLAG, "true or false", text -> switch (text) {
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> Optional.empty();
        });
    }

    public Optional<Integer> integer(String name, int least, int most) {
        return scalar(
                name,
                Node.Kind.NUMBER,
                "a whole number from " + least + " to " + most,
                text -> number(text)
                        .filter(number -> number.stripTrailingZeros().scale() <= 0)
                        .filter(number -> isWithin(number, least, most))
                        .map(BigDecimal::intValueExact));
    }

    Optional<BigDecimal> decimal(String name, int least, int most) {
        return scalar(
                name,
                Node.Kind.NUMBER,
                "a number from " + least + " to " + most,
                text -> number(text).filter(number -> isWithin(number, least, most)));
    }

    /** A duration; a plain number is seconds. JSON takes nothing else. */
    Optional<Duration> duration(String name, boolean zeroAllowed) {
        var least = zeroAllowed ? "of at least 0" : "greater than 0";
        return scalar(
                name,
                Node.Kind.NUMBER,
                json
                        ? "a number of seconds " + least + ", at most a day"
                        : "a duration " + least + ", at most a day, such as 60, 60s, 500ms or 2m",
                text -> duration(text)
                        .filter(duration -> zeroAllowed || duration.isPositive())
                        .filter(duration -> duration.compareTo(Duration.ofDays(1)) <= 0));
    }

    Optional<WhenUnsupported> whenUnsupported(String name) {
        return scalar(
                name,
                Node.Kind.TEXT,
                "'refuse' or 'drop'",
                text -> Arrays.stream(WhenUnsupported.values())
                        .filter(each -> each.text().equals(text))
                        .findFirst());
    }

    /** A share from 0 to 1, which may be written in percent. */
    Optional<Double> share(String name) {
        return scalar(name, Node.Kind.NUMBER, "a share such as 30% or 0.3", text -> {
            var percent = text.endsWith("%");
            return number(percent ? text.substring(0, text.length() - 1).strip() : text)
                    .map(number -> percent ? number.movePointLeft(2) : number)
                    .filter(number -> isWithin(number, 0, 1))
                    .map(BigDecimal::doubleValue);
        });
    }

    Optional<RouteSpec.Preference> preference(String name) {
        return scalar(
                name, Node.Kind.TEXT, "'order', 'cheapest', 'fastest' or 'weighted'", RouteSpec.Preference::named);
    }

    Optional<LocalDate> date(String name) {
        return scalar(name, Node.Kind.TEXT, "a date such as 2026-01-31", text -> {
            try {
                return Optional.of(LocalDate.parse(text));
            } catch (DateTimeException _) {
                return Optional.empty();
            }
        });
    }

    /** Whatever stands there, as JSON. */
    public Optional<String> json(String name) {
        var value = value(name);
        return value == null ? Optional.empty() : Optional.of(Parameters.json(value));
    }

    /** A list of texts that are not empty; what stands there twice counts once. */
    Optional<List<String>> texts(String name) {
        return nodes(name).map(nodes -> {
            var texts = new LinkedHashSet<String>();
            for (var node : nodes) {
                if (node instanceof Node.Scalar(int _, Node.Kind kind, String text)
                        && !text.isBlank()
                        && (!json || kind == Node.Kind.TEXT)) {
                    texts.add(text);
                } else {
                    problems.add(node.line(), prefix + name, "'" + name + "' must hold texts that are not empty");
                }
            }
            return List.copyOf(texts);
        });
    }

    /** The items of a list. */
    public Optional<List<Node>> nodes(String name) {
        var node = value(name);
        if (node == null) {
            return Optional.empty();
        }
        if (node instanceof Node.Sequence sequence) {
            return Optional.of(sequence.items());
        }
        problems.add(node.line(), prefix + name, "'" + name + "' must be a list");
        return Optional.empty();
    }

    /** Each item of a list that has to hold mappings. */
    List<Fields> sections(String name) {
        var sections = new ArrayList<Fields>();
        nodes(name).orElse(List.of()).forEach(node -> within(node, name).ifPresent(sections::add));
        return sections;
    }

    /** The fields of an item of the list {@code name}. */
    Optional<Fields> within(Node node, String name) {
        return of(node, prefix + name + ".", json, problems);
    }

    /** The same, as if one field were not there. */
    Fields without(String name) {
        var others = new LinkedHashMap<>(mapping.members());
        others.remove(name);
        return new Fields(new Node.Mapping(mapping.line(), others), prefix, json, problems);
    }

    /** A mapping with one field: an item of a list under the name of its place. */
    Fields at(String place, Node item) {
        return new Fields(
                new Node.Mapping(item.line(), Map.of(place, new Node.Member(item.line(), item))),
                prefix,
                json,
                problems);
    }

    /** A mapping within this one. */
    public Optional<Fields> section(String name) {
        var node = value(name);
        return node == null ? Optional.empty() : of(node, prefix + name + ".", json, problems);
    }

    /** The field's value; null if it is not there, or holds nothing in YAML. */
    private @Nullable Node value(String name) {
        var member = mapping.members().get(name);
        return member == null || (!json && isNull(name)) ? null : member.value();
    }

    private <T> Optional<T> scalar(String name, Node.Kind kind, String expected, Function<String, Optional<T>> parse) {
        var node = value(name);
        if (node == null) {
            return Optional.empty();
        }
        var parsed = node instanceof Node.Scalar scalar && (!json || scalar.kind() == kind)
                ? parse.apply(scalar.text().strip())
                : Optional.<T>empty();
        if (parsed.isEmpty()) {
            problems.add(node.line(), prefix + name, "'" + name + "' must be " + expected);
        }
        return parsed;
    }

    private static boolean isWithin(BigDecimal number, int least, int most) {
        return number.compareTo(BigDecimal.valueOf(least)) >= 0 && number.compareTo(BigDecimal.valueOf(most)) <= 0;
    }

    /** Bounded in length and exponent, so that nobody makes us compute with a billion digits. */
    private static Optional<BigDecimal> number(String text) {
        if (text.length() > 32) {
            return Optional.empty();
        }
        try {
            return Optional.of(new BigDecimal(text)).filter(number -> Math.abs(number.scale()) <= 32);
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    private static Optional<Duration> duration(String text) {
        var matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        var unit = matcher.group(2);
        var millis = unit == null || unit.equals("s") ? 1_000 : unit.equals("m") ? 60_000 : 1;
        return Optional.of(Duration.ofMillis(new BigDecimal(matcher.group(1))
                .multiply(BigDecimal.valueOf(millis))
                .longValue()));
    }

    /** How many letters have to be put in, left out or replaced to get from one word to the other. */
    private static int distance(String one, String other) {
        var before = new int[other.length() + 1];
        for (var j = 0; j <= other.length(); j++) {
            before[j] = j;
        }
        for (var i = 1; i <= one.length(); i++) {
            var row = new int[other.length() + 1];
            row[0] = i;
            for (var j = 1; j <= other.length(); j++) {
                var replaced = before[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(before[j], row[j - 1]));
            }
            before = row;
        }
        return before[other.length()];
    }
}
