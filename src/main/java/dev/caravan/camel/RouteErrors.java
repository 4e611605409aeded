package dev.caravan.camel;

import dev.caravan.reload.ConfigError;
import dev.caravan.reload.FileText;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.NoSuchBeanException;
import org.apache.camel.NoSuchEndpointException;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.camel.dsl.yaml.common.exception.UnknownNodeIdException;
import org.apache.camel.dsl.yaml.common.exception.UnsupportedFieldException;
import org.apache.camel.model.RouteDefinition;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/**
 * What Camel's exceptions about a file of routes mean: where, and what is wrong. Camel quotes the file, which may hold a
 * key; here no value of it is quoted but the names of steps, fields, beans and components.
 */
final class RouteErrors {

    private static final int LONGEST = 300;
    private static final int SHORTEST_KEY = 8;
    private static final Pattern UNKNOWN_PARAMETERS =
            Pattern.compile("Unknown parameters=\\[\\{(.*)}]", Pattern.DOTALL);
    /** How Camel says which endpoint lacks an option. */
    private static final Pattern SYNTAX = Pattern.compile("uri with syntax ([\\w.+-]+):");

    private static final Pattern SCHEME = Pattern.compile("^[A-Za-z][\\w.+-]*");
    private static final Pattern SCALAR =
            Pattern.compile("(?m)^\\s*(?:- +)*(?:[\"']?([\\w.-]+)[\"']?: +)?(\\S.*?)\\s*$");
    private static final Set<String> NAMING = Set.of("id", "ref", "method", "name", "description");

    private final Path file;
    private final String text;
    private final RouteLines lines;

    RouteErrors(Path file, FileText text) {
        this.file = file;
        this.text = text.text();
        this.lines = new RouteLines(text.text());
    }

    /** What was thrown while the file was read. */
    ConfigError reading(Throwable thrown) {
        if (lines.areEmpty()) {
            return empty();
        }
        return at(thrown, null);
    }

    /** That there is no route: more often the sign of an accident than a wish. */
    ConfigError empty() {
        return new ConfigError(file, 1, "there is no route here; delete the file if it is to have none");
    }

    /**
     * What was thrown while a route of the file was made or started.
     *
     * @param route null if it happened to none in particular
     */
    ConfigError making(Throwable thrown, @Nullable RouteDefinition route) {
        return at(thrown, route);
    }

    private ConfigError at(Throwable thrown, @Nullable RouteDefinition route) {
        var from = route == null ? null : line(route, thrown);
        for (var cause : causes(thrown)) {
            switch (cause) {
                case MarkedYamlEngineException marked -> {
                    return marked(marked);
                }
                case NoSuchEndpointException missing -> {
                    return endpoint(missing.getUri(), missing, from);
                }
                case ResolveEndpointFailedException failed -> {
                    return endpoint(failed.getUri(), failed, from);
                }
                case NoSuchBeanException missing
                when missing.getName() != null -> {
                    return new ConfigError(
                            file, lines.find(from, missing.getName()), "there is no bean '" + missing.getName() + "'");
                }
                default -> {} // the next cause may say more
            }
        }
        var words = words(causes(thrown).getLast());
        var syntax = SYNTAX.matcher(words);
        return new ConfigError(file, from == null && syntax.find() ? lines.find(null, syntax.group(1)) : from, words);
    }

    private ConfigError marked(MarkedYamlEngineException marked) {
        var problem = String.valueOf(marked.getProblem());
        var mark = marked.getProblemMark();
        Integer line = mark.map(at -> lines.within(at.getLine() + 1)).orElse(null);
        Integer column = mark.map(at -> at.getColumn() + 1).orElse(null);
        return switch (marked) {
            case UnsupportedFieldException _ -> named("Unsupported field: ", problem, "unknown field", line);
            case UnknownNodeIdException _ -> named("Unknown node id: ", problem, "unknown step or entry", line);
            case MarkedYamlEngineException dsl
            when dsl.getClass().getName().startsWith("org.apache.camel.") ->
                new ConfigError(file.toString(), line, column, words(problem));
            default ->
                new ConfigError(file.toString(), line, column, "not well-formed: " + words(problem) + begun(marked));
        };
    }

    /** A quote that is never closed is noticed far below where it is opened. */
    private String begun(MarkedYamlEngineException marked) {
        return marked.getContextMark()
                .map(at -> ", " + marked.getContext() + " that begins in line " + lines.within(at.getLine() + 1))
                .orElse("");
    }

    private ConfigError named(String prefix, String problem, String what, @Nullable Integer line) {
        var name = problem.replace(prefix, "");
        return new ConfigError(
                file, line == null ? null : Integer.valueOf(lines.near(line, name)), what + " '" + name + "'");
    }

    private ConfigError endpoint(String uri, Throwable failed, @Nullable Integer from) {
        var scheme = Optional.of(SCHEME.matcher(uri))
                .filter(matcher -> matcher.find())
                .map(matcher -> matcher.group())
                .orElse("");
        var where = scheme.isEmpty() ? from : lines.find(from, scheme);
        var message = String.valueOf(failed.getMessage());
        if (failed instanceof NoSuchEndpointException || message.contains("No component found with scheme")) {
            return new ConfigError(
                    file, where, "there is no component '" + scheme + "', so the endpoint cannot be made");
        }
        var unknown = UNKNOWN_PARAMETERS.matcher(message);
        if (unknown.find()) {
            var names = names(unknown.group(1));
            return new ConfigError(
                    file,
                    names.isEmpty() ? where : lines.find(where, names.getFirst()),
                    "the component '" + scheme + "' knows no parameter "
                            + String.join(
                                    ", ",
                                    names.stream().map(name -> "'" + name + "'").toList()));
        }
        return new ConfigError(
                file,
                where,
                "the endpoint of component '" + scheme + "' cannot be made: "
                        + words(causes(failed).getLast()));
    }

    /** The names of {@code a=1, b=2} that stand in the file as names of fields: a value may hold an '=' too. */
    private List<String> names(String parameters) {
        return Arrays.stream(parameters.split(", "))
                .map(parameter -> parameter.replaceFirst("=.*", ""))
                .filter(name -> Pattern.compile("(?m)\\b" + Pattern.quote(name) + "[\"']?\\s*[:=]")
                        .matcher(text)
                        .find())
                .toList();
    }

    private @Nullable Integer line(RouteDefinition route, Throwable thrown) {
        var message = String.valueOf(thrown.getMessage());
        return route.getOutputs().stream()
                .filter(step -> message.contains(">>> " + step + " <<<"))
                .map(step -> lines.of(step, step.getShortName()))
                .filter(Objects::nonNull)
                .findFirst()
                .orElseGet(() -> RouteOutline.lineOf(route, lines));
    }

    private String words(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : words(cause.getMessage());
    }

    /** The first line, in which every value of the file is blacked out. */
    private String words(String message) {
        var words = message.lines().findFirst().orElse("").strip();
        for (var value : values()) {
            words = words.replace(value, "***");
        }
        return words.length() <= LONGEST ? words : words.substring(0, LONGEST) + "...";
    }

    /** Every value of the file that is no name of anything, the longest first. */
    private List<String> values() {
        var schemes = new HashSet<String>();
        SCALAR.matcher(text)
                .results()
                .filter(match -> "uri".equals(match.group(1)))
                .map(match -> SCHEME.matcher(match.group(2).replaceFirst("^[\"']", "")))
                .filter(scheme -> scheme.find())
                .forEach(scheme -> schemes.add(scheme.group()));
        return SCALAR.matcher(text)
                .results()
                .filter(match -> match.group(1) == null || !NAMING.contains(match.group(1)))
                .map(match -> match.group(2))
                .flatMap(value ->
                        Stream.concat(Stream.of(value, value.replaceAll("^[\"']|[\"']$", "")), fragments(value)))
                .map(String::strip)
                .filter(value -> value.length() > 3 && !value.endsWith(":") && !schemes.contains(value))
                .distinct()
                .sorted((one, other) -> other.length() - one.length())
                .toList();
    }

    /** What a parser may have cut out of a value, if it is long enough to be a key. */
    private static Stream<String> fragments(String value) {
        return Arrays.stream(value.split("[\\s,:;=&?{}\"']+")).filter(part -> part.length() >= SHORTEST_KEY);
    }

    private static List<Throwable> causes(Throwable thrown) {
        return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause).toList();
    }
}
