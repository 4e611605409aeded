package dev.caravan.catalog;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.caravan.chat.Extensions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads the fields that a model's requests get, as JSON. */
public final class Parameters {

    /** What a request itself has to say. */
    private static final List<String> NEVER =
            List.of("model", "messages", "prompt", "input", "stream", "stream_options", "n");

    /** A number that JSON writes as YAML does. */
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?");

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

    private Parameters() {}

    /** The fields in the section {@code name}: their values as JSON, by name. */
    public static Map<String, String> read(Fields fields, String name) {
        var parameters = new LinkedHashMap<String, String>();
        fields.section(name)
                .ifPresent(section -> section.members().forEach((field, member) -> {
                    if (NEVER.contains(field) || Extensions.NAMES.contains(field)) {
                        section.wrong(field, "'" + field + "' can only be said by a request itself");
                    } else if (!NAME.matcher(field).matches()) {
                        section.wrong(field, "a field's name must be at most 64 of a-z, A-Z, 0-9, '_', '.' and '-'");
                    } else {
                        parameters.put(field, json(member.value()));
                    }
                }));
        return parameters;
    }

    /** A piece of a document as JSON. */
    public static String json(Node node) {
        return switch (node) {
            case Node.Mapping(int _, Map<String, Node.Member> members) ->
                members.entrySet().stream()
                        .map(member -> quoted(member.getKey()) + ":"
                                + json(member.getValue().value()))
                        .collect(Collectors.joining(",", "{", "}"));
            case Node.Sequence(int _, List<Node> items) ->
                items.stream().map(Parameters::json).collect(Collectors.joining(",", "[", "]"));
            case Node.Scalar(int _, Node.Kind kind, String text) ->
                switch (kind) {
                    case NULL -> "null";
                    case FLAG -> text.toLowerCase(Locale.ROOT);
                    case NUMBER -> NUMBER.matcher(text).matches() ? text : quoted(text);
                    case TEXT -> quoted(text);
                };
        };
    }

    private static String quoted(String text) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }
}
