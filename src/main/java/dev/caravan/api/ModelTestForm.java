package dev.caravan.api;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.catalog.Catalog;
import dev.caravan.chat.ChatError;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the body of {@code POST /admin/models/test}. */
public final class ModelTestForm {

    /** What came of reading. */
    public sealed interface Read {

        record Right(ModelTest test) implements Read {}

        record Wrong(ChatError error) implements Read {}
    }

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final List<String> NAMES = List.of("model", "models", "timeout");
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int LONGEST_SECONDS = 300;
    private static final int MOST = 1000;

    private ModelTestForm() {}

    /**
     * Reads what is to be tested.
     *
     * @param body {@code model}, {@code models} or, for all, neither; and {@code timeout} in seconds
     */
    public static Read read(byte[] body, Catalog catalog) {
        JsonNode root;
        try {
            root = body.length == 0 ? JSON.createObjectNode() : JSON.readTree(body);
        } catch (IOException e) {
            return wrong(null, "The request body is not valid JSON.");
        }
        if (!root.isObject()) {
            return wrong(null, "The request body must be one JSON object; {} tests every model.");
        }
        for (var name : (Iterable<String>) root::fieldNames) {
            if (!NAMES.contains(name)) {
                return wrong(
                        name, "Unknown field '" + name + "'; the fields here are " + String.join(", ", NAMES) + ".");
            }
        }
        var timeout = root.path("timeout");
        if (!timeout.isMissingNode()
                && !(timeout.isNumber() && timeout.asDouble() > 0 && timeout.asDouble() <= LONGEST_SECONDS)) {
            return wrong("timeout", "'timeout' must be a number of seconds above 0, at most " + LONGEST_SECONDS + ".");
        }
        var limit =
                timeout.isMissingNode() ? TIMEOUT : Duration.ofMillis(Math.max(1, (long) (timeout.asDouble() * 1000)));
        return names(root, limit, catalog);
    }

    private static Read names(JsonNode root, Duration limit, Catalog catalog) {
        if (root.has("model") && root.has("models")) {
            return wrong("models", "Either 'model' or 'models', not both.");
        }
        if (root.has("model") && !isName(root.path("model"))) {
            return wrong("model", "'model' must be the name of a model.");
        }
        var names = new ArrayList<String>();
        if (root.has("model")) {
            names.add(root.path("model").asText());
        }
        if (root.has("models")) {
            var models = root.path("models");
            if (!models.isArray() || models.isEmpty()) {
                return wrong("models", "'models' must be a list of names; leave it out for all.");
            }
            for (var i = 0; i < models.size(); i++) {
                if (!isName(models.path(i))) {
                    return wrong("models[" + i + "]", "'models' must hold names of models.");
                }
                names.add(models.path(i).asText());
            }
        }
        var test = names.isEmpty() ? ModelTest.ofAll(catalog, limit) : ModelTest.of(catalog, names, limit);
        return test.questions().size() > MOST
                ? wrong(
                        "models",
                        "That would be " + test.questions().size() + " questions; at most " + MOST
                                + " are asked at once.")
                : new Read.Right(test);
    }

    private static boolean isName(JsonNode node) {
        return node.isTextual() && !node.asText().isBlank();
    }

    private static Read wrong(@Nullable String param, String sentence) {
        return new Read.Wrong(ChatError.invalid(param, sentence));
    }
}
