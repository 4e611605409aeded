package dev.caravan.catalog;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.CharConversionException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads a document into {@link Node}s, so that whatever is wrong in it can be told with its line. */
public final class NodeReader {

    private static final JsonFactory JSON = new JsonFactory();
    private static final YAMLFactory YAML = new YAMLFactory();
    /** What is no name may be a key that stands in the wrong place, and errors are shown to everybody. */
    private static final Pattern SAYABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_.]{0,39}");

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}:]*)(?::([^}]*))?}");

    private final JsonParser parser;
    private final Function<String, String> resolve;
    private final Problems problems;
    private int line;

    private NodeReader(JsonParser parser, Function<String, String> resolve, Problems problems) {
        this.parser = parser;
        this.resolve = resolve;
        this.problems = problems;
    }

    /** The document's root; nothing if it cannot be read, which {@code problems} then tell. */
    static Optional<Node> json(byte[] text, Problems problems) {
        return read(problems, () -> new NodeReader(JSON.createParser(text), Function.identity(), problems));
    }

    /** The same for YAML, with {@code ${NAME}} and {@code ${NAME:default}} replaced in its values. */
    static Optional<Node> yaml(String text, Function<String, @Nullable String> lookup, Problems problems) {
        return read(problems, () -> {
            var reader = new NodeReader[1];
            reader[0] = new NodeReader(
                    YAML.createParser(text), value -> replace(value, lookup, reader[0].line, problems), problems);
            return reader[0];
        });
    }

    /** The same for YAML in which {@code ${NAME}} is a text like any other. */
    public static Optional<Node> yaml(String text, Problems problems) {
        return read(problems, () -> new NodeReader(YAML.createParser(text), Function.identity(), problems));
    }

    private interface Opening {
        NodeReader open() throws IOException;
    }

    private static Optional<Node> read(Problems problems, Opening opening) {
        try {
            var reader = opening.open();
            if (reader.parser.nextToken() == null) {
                problems.add(1, "", "there is nothing here");
                return Optional.empty();
            }
            var root = reader.node();
            if (reader.parser.nextToken() != null) {
                problems.add(reader.here(), "", "there must be one document only");
            }
            return Optional.of(root);
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            if (at == null) {
                problems.add(1, "", syntax(e));
            } else {
                problems.add(at.getLineNr(), at.getColumnNr(), syntax(e));
            }
            return Optional.empty();
        } catch (CharConversionException e) {
            problems.add(1, "", "not well-formed: these bytes are no text in UTF-8");
            return Optional.empty();
        } catch (IOException e) {
            throw new IllegalStateException("a text in memory can be read", e);
        }
    }

    /** The parser's words without its excerpts of the document, which are indented: they may hold a key. */
    private static String syntax(JsonProcessingException e) {
        return e.getOriginalMessage()
                .lines()
                .filter(words -> !words.isBlank() && !words.startsWith(" "))
                .collect(Collectors.joining(", ", "not well-formed: ", ""));
    }

    private int here() {
        return parser.currentTokenLocation().getLineNr();
    }

    private Node node() throws IOException {
        line = here();
        if (parser instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
            problems.add(line, "", "aliases such as '*name' are not understood here; write the value out");
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> mapping(line);
            case START_ARRAY -> sequence(line);
            case VALUE_NULL -> new Node.Scalar(line, Node.Kind.NULL, "");
            case VALUE_TRUE, VALUE_FALSE -> new Node.Scalar(line, Node.Kind.FLAG, parser.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Node.Scalar(line, Node.Kind.NUMBER, parser.getText());
            default -> new Node.Scalar(line, Node.Kind.TEXT, resolve.apply(parser.getText()));
        };
    }

    private Node mapping(int start) throws IOException {
        Map<String, Node.Member> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            var name = parser.currentName();
            var at = here();
            parser.nextToken();
            var member = new Node.Member(at, node());
            if (members.putIfAbsent(name, member) != null) {
                problems.add(at, name, "'" + name + "' stands here twice");
            }
        }
        return new Node.Mapping(start, members);
    }

    private Node sequence(int start) throws IOException {
        List<Node> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(node());
        }
        return new Node.Sequence(start, items);
    }

    private static String unset(String name) {
        return SAYABLE.matcher(name).matches()
                ? "'" + name + "' is not set; set it, or give a default as in '${" + name + ":default}'"
                : "what stands in '${}' is no name of a variable";
    }

    private static String replace(String text, Function<String, @Nullable String> lookup, int line, Problems problems) {
        var replaced = PLACEHOLDER.matcher(text).replaceAll(match -> {
            var value = lookup.apply(match.group(1));
            var fallback = match.group(2);
            if (value == null && fallback == null) {
                problems.add(line, "", unset(match.group(1)));
            }
            return Matcher.quoteReplacement(value != null ? value : fallback != null ? fallback : "");
        });
        if (PLACEHOLDER.matcher(text).replaceAll("").contains("${")) {
            problems.add(line, "", "a '${' has no '}'");
        }
        return replaced;
    }
}
