package dev.caravan.provider.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What a request field may hold. Called with the parser on the value's first token, leaves it on its last. */
interface FieldRule {

    /** What would be right, if the value is wrong; null if it is right. */
    @Nullable
    String expects(JsonParser parser) throws IOException;

    static FieldRule number(double least, double most) {
        var expected = "a number between " + plain(least) + " and " + plain(most);
        return orNull(parser -> {
            if (!parser.currentToken().isNumeric()) {
                return expected;
            }
            var value = parser.getDoubleValue();
            return value >= least && value <= most ? null : expected;
        });
    }

    static FieldRule integer(long least, long most) {
        var expected = most == Long.MAX_VALUE
                ? "a whole number of at least " + least
                : "a whole number between " + least + " and " + most;
        return orNull(parser -> {
            if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT
                    || parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
                return expected;
            }
            var value = parser.getLongValue();
            return value >= least && value <= most ? null : expected;
        });
    }

    static FieldRule bool() {
        return orNull(parser -> parser.currentToken().isBoolean() ? null : "true or false");
    }

    static FieldRule string() {
        return orNull(parser -> parser.currentToken() == JsonToken.VALUE_STRING ? null : "a string");
    }

    static FieldRule object() {
        return orNull(parser -> begins(parser, JsonToken.START_OBJECT, "an object"));
    }

    static FieldRule array() {
        return orNull(parser -> begins(parser, JsonToken.START_ARRAY, "a list"));
    }

    /** One of two texts. */
    static FieldRule oneOf(String one, String other) {
        var expected = "\"" + one + "\" or \"" + other + "\"";
        return orNull(parser -> parser.currentToken() == JsonToken.VALUE_STRING
                        && (parser.getText().equals(one) || parser.getText().equals(other))
                ? null
                : expected);
    }

    /** A string, or a list of strings. */
    static FieldRule strings() {
        var expected = "a string or a list of strings";
        return orNull(parser -> {
            if (parser.currentToken() == JsonToken.VALUE_STRING) {
                return null;
            }
            if (parser.currentToken() != JsonToken.START_ARRAY) {
                return expected;
            }
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (parser.currentToken() != JsonToken.VALUE_STRING) {
                    return expected;
                }
            }
            return null;
        });
    }

    private static @Nullable String begins(JsonParser parser, JsonToken with, String expected) throws IOException {
        if (parser.currentToken() != with) {
            return expected;
        }
        parser.skipChildren();
        return null;
    }

    /** OpenAI reads an explicit null as if the field were not there. */
    private static FieldRule orNull(FieldRule rule) {
        return parser -> parser.currentToken() == JsonToken.VALUE_NULL ? null : rule.expects(parser);
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? String.valueOf((long) number) : String.valueOf(number);
    }
}
