package dev.caravan.provider.openai;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;

/** Ends the reading of a request body at the field that is wrong; never leaves this package. */
final class WrongField extends IOException {

    private static final long serialVersionUID = 1;
    private static final int SHOWN = 40;

    final String param;
    final String sentence;

    WrongField(String param, String sentence) {
        super(sentence);
        this.param = param;
        this.sentence = sentence;
    }

    static WrongField expecting(String param, String expected, JsonParser parser) throws IOException {
        return new WrongField(
                param, "Invalid value for '" + param + "': expected " + expected + ", but got " + got(parser) + ".");
    }

    private static String got(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> {
                var text = parser.getText();
                yield text.length() > SHOWN
                        ? "a string of " + text.length() + " characters"
                        : "the string '" + text + "'";
            }
            case START_OBJECT -> "an object";
            case START_ARRAY -> "a list";
            default -> parser.getText();
        };
    }

    /** Bad input is no bug: nobody looks at where it was found. */
    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
