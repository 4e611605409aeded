package dev.caravan.provider.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** What a prompt, or what is to be embedded, may be: a text, a list of texts, tokens, or a list of lists of tokens. */
final class TextRules {

    private static final String EXPECTED = "a string, a list of strings, a list of tokens or a list of lists of tokens";

    private TextRules() {}

    /** Called with the parser on the value's first token, leaves it on its last. */
    static void check(String field, JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return;
        }
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw WrongField.expecting(field, EXPECTED, parser);
        }
        var first = parser.nextToken();
        if (first == JsonToken.END_ARRAY) {
            throw new WrongField(
                    field, "Invalid value for '" + field + "': expected " + EXPECTED + ", but the list is empty.");
        }
        var expected = switch (first) {
            case VALUE_STRING -> "a string, as the first is";
            case VALUE_NUMBER_INT -> "a token, which is a whole number, as the first is";
            case START_ARRAY -> "a list of tokens, as the first is";
            default -> throw WrongField.expecting(field + "[0]", "a string, a token or a list of tokens", parser);
        };
        var index = 0;
        for (var token = first; token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            var place = field + "[" + index + "]";
            if (token != first) {
                throw WrongField.expecting(place, expected, parser);
            }
            if (token == JsonToken.START_ARRAY) {
                tokens(place, parser);
            }
            index++;
        }
    }

    private static void tokens(String place, JsonParser parser) throws IOException {
        var index = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
                throw WrongField.expecting(place + "[" + index + "]", "a token, which is a whole number", parser);
            }
            index++;
        }
        if (index == 0) {
            throw new WrongField(
                    place, "Invalid value for '" + place + "': expected at least one token, but the list is empty.");
        }
    }
}
