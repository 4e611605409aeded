package dev.caravan.jobs;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Whom the body of a request asks, as far as can be told without reading all of it.
 *
 * @param model null if it names none
 * @param provider null if it names none
 */
public record Addressee(@Nullable String model, @Nullable String provider) {

    private static final JsonFactory JSON = new JsonFactory();

    /**
     * Reads the field {@code model}, which an inference calls {@code model_name} and a service {@code parameters.model}, and
     * {@code provider} of a body; of one that is no JSON object neither.
     */
    public static Addressee of(byte[] body) {
        String model = null;
        String provider = null;
        try (var parser = JSON.createParser(body)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                var name = parser.currentName();
                var value = parser.nextToken();
                if (value == JsonToken.VALUE_STRING && (name.equals("model") || name.equals("model_name"))) {
                    model = parser.getText();
                } else if (value == JsonToken.VALUE_STRING && name.equals("provider")) {
                    provider = parser.getText();
                } else if (value == JsonToken.START_OBJECT && name.equals("parameters")) {
                    model = ofParameters(parser, model);
                } else {
                    parser.skipChildren();
                }
            }
        } catch (IOException e) {
            // who answers the request will say what is wrong with it
        }
        return new Addressee(model, provider);
    }

    private static @Nullable String ofParameters(JsonParser parser, @Nullable String otherwise) throws IOException {
        var model = otherwise;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            var name = parser.currentName();
            if (parser.nextToken() == JsonToken.VALUE_STRING && name.equals("model")) {
                model = parser.getText();
            } else {
                parser.skipChildren();
            }
        }
        return model;
    }
}
