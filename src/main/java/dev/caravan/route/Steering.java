package dev.caravan.route;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.catalog.Tier;
import dev.caravan.chat.ChatError;
import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a caller says to the choice of a model: the field {@code context}, or the header of the same form.
 *
 * @param task the kind of work, instead of what the request looks like
 * @param tier the tier, whatever the score
 * @param maxCost what the answer may cost, in USD, as far as that can be told before
 * @param requires what the model has to be able to do, such as {@code vision}
 */
public record Steering(
        @Nullable TaskType task,
        @Nullable Tier tier,
        @Nullable BigDecimal maxCost,
        Set<String> requires) {

    /** The header that may hold the same JSON object as the field. */
    public static final String HEADER = "x-caravan-context";

    static final Steering NONE = new Steering(null, null, null, Set.of());

    private static final List<String> FIELDS = List.of("task_type", "tier", "max_cost", "requires");
    private static final List<String> ABILITIES = List.of("vision", "tools", "json");
    private static final ObjectMapper JSON = new ObjectMapper();

    public Steering {
        requires = Set.copyOf(requires);
    }

    /** What was said, or what is wrong with it. */
    sealed interface Reading {

        record Read(Steering steering) implements Reading {}

        record Wrong(ChatError error) implements Reading {}
    }

    private static final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1;

        final transient ChatError error;

        Refused(String field, String message) {
            super(message, null, false, false);
            error = ChatError.invalid(field, message);
        }
    }

    /**
     * Reads what a caller says; what the body says wins over the header.
     *
     * @param header the header's value
     * @param context the field's value as JSON
     */
    static Reading read(@Nullable String header, @Nullable String context) {
        if (header == null && context == null) {
            return new Reading.Read(NONE);
        }
        try {
            var said = header == null ? JSON.createObjectNode() : object(header, HEADER);
            if (context != null) {
                said.setAll(object(context, "context"));
            }
            return new Reading.Read(steering(said));
        } catch (Refused refused) {
            return new Reading.Wrong(refused.error);
        }
    }

    private static ObjectNode object(String text, String where) {
        try {
            var tree = JSON.readTree(text);
            if (tree instanceof ObjectNode object) {
                return object;
            }
            if (tree != null && tree.isNull()) {
                return JSON.createObjectNode();
            }
        } catch (JsonProcessingException _) {
            // told below, without the parser's words
        }
        throw new Refused(where, "'" + where + "' must be a JSON object with " + String.join(", ", FIELDS) + ".");
    }

    private static Steering steering(ObjectNode said) {
        said.fieldNames().forEachRemaining(name -> {
            if (!FIELDS.contains(name)) {
                throw new Refused(
                        "context." + name,
                        "Unknown field '" + name + "' in 'context'; it may hold " + String.join(", ", FIELDS) + ".");
            }
        });
        var task = text(said, "task_type", TaskType.names());
        var tier = text(said, "tier", Tier.names());
        return new Steering(
                task == null ? null : TaskType.named(task).orElseThrow(),
                tier == null ? null : Tier.named(tier).orElseThrow(),
                maxCost(said.path("max_cost")),
                requires(said.path("requires")));
    }

    private static @Nullable String text(JsonNode said, String field, List<String> allowed) {
        var value = said.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual() || !allowed.contains(value.textValue())) {
            throw new Refused(
                    "context." + field,
                    "Invalid value for 'context." + field + "': expected one of " + String.join(", ", allowed) + ".");
        }
        return value.textValue();
    }

    private static @Nullable BigDecimal maxCost(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isNumber() || value.doubleValue() < 0) {
            throw new Refused(
                    "context.max_cost", "Invalid value for 'context.max_cost': expected a number of USD, 0 or more.");
        }
        return value.decimalValue();
    }

    private static Set<String> requires(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return Set.of();
        }
        var requires = new LinkedHashSet<String>();
        for (var each : value.isTextual() ? JSON.createArrayNode().add(value) : value) {
            if (!each.isTextual() || !ABILITIES.contains(each.textValue())) {
                throw new Refused(
                        "context.requires",
                        "Invalid value for 'context.requires': expected a list of " + String.join(", ", ABILITIES)
                                + ".");
            }
            requires.add(each.textValue());
        }
        if (!value.isTextual() && !value.isArray()) {
            throw new Refused("context.requires", "'context.requires' must be a list.");
        }
        return requires;
    }
}
