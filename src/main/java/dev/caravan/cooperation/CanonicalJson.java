package dev.caravan.cooperation;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.provider.openai.OpenAiForm;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * JSON of which equal values are equal texts: fields in order of their names, numbers without their form, texts without
 * case, space and punctuation; a text that is a number counts as one. No state.
 */
final class CanonicalJson {

    /** Beyond that a number is compared as it is written: nobody computes with a billion digits. */
    private static final int LARGEST_SCALE = 400;

    private CanonicalJson() {}

    /** Nothing for what is no JSON object or list. */
    static Optional<String> of(String text) {
        var stripped = text.strip();
        if (!stripped.startsWith("{") && !stripped.startsWith("[")) {
            return Optional.empty();
        }
        return tree(stripped).map(CanonicalJson::of);
    }

    /** The object in a text, if it is one. */
    static Optional<ObjectNode> object(String text) {
        return tree(text.strip()).filter(ObjectNode.class::isInstance).map(ObjectNode.class::cast);
    }

    /** What stands in the place of a value, and is one: not two, nor one that ends the place and begins another. */
    private static Optional<JsonNode> tree(String text) {
        var placed = ("{\"value\":" + text + "}").getBytes(UTF_8);
        return OpenAiForm.raw(placed)
                .filter(raw -> raw.names().equals(List.of("value")))
                .flatMap(_ -> Optional.ofNullable(OpenAiForm.tree(placed)))
                .map(whole -> whole.path("value"));
    }

    static String of(JsonNode node) {
        if (node.isObject()) {
            var members = new TreeMap<String, String>();
            node.properties().forEach(field -> members.put(field.getKey(), of(field.getValue())));
            return members.entrySet().stream()
                    .map(field -> field.getKey() + ":" + field.getValue())
                    .collect(Collectors.joining(",", "{", "}"));
        }
        if (node.isArray()) {
            return StreamSupport.stream(node.spliterator(), false)
                    .map(CanonicalJson::of)
                    .collect(Collectors.joining(",", "[", "]"));
        }
        if (node.isTextual()) {
            var text = node.textValue();
            return BallotReader.number(text.strip()).map(Ballot::value).orElseGet(() -> '"' + PlainText.of(text) + '"');
        }
        return node.isNumber() ? number(node.asText()) : node.asText();
    }

    /** A number without the form it is written in: {@code 42.0}, {@code 4.2e1} and {@code 42} are one. */
    static String number(String text) {
        try {
            var number = new BigDecimal(text).stripTrailingZeros();
            if (number.signum() == 0) {
                return "0";
            }
            return Math.abs((long) number.scale()) > LARGEST_SCALE ? number.toString() : number.toPlainString();
        } catch (NumberFormatException e) {
            return text;
        }
    }
}
