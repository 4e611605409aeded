package dev.caravan.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.provider.openai.Asked;
import dev.caravan.provider.openai.OpenAiForm;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says which tools there are and which may be chosen. A tool that is not OpenAI's passes as it came.
 *
 * @see <a href="https://platform.claude.com/docs/en/agents-and-tools/tool-use/define-tools">tools</a>
 */
final class Tools {

    private static final Set<String> NO_SCHEMAS = Set.of("enum", "const", "default", "examples");

    private final Asked asked;
    private final ArrayNode tools;
    private final @Nullable ObjectNode choice;

    Tools(Asked asked) {
        this.asked = asked;
        tools = OpenAiForm.object().putArray("tools");
        var given = asked.take("tools");
        for (var i = 0; i < given.size(); i++) {
            tool(given.get(i), "tools[" + i + "]").ifPresent(tools::add);
        }
        var oneByOne = !asked.take("parallel_tool_calls").asBoolean(true);
        var chosen = choice(asked.take("tool_choice"));
        if (oneByOne && !tools.isEmpty() && !chosen.path("type").asText().equals("none")) {
            (chosen.isEmpty() ? chosen.put("type", "auto") : chosen).put("disable_parallel_tool_use", true);
        }
        choice = chosen.isEmpty() ? null : chosen;
    }

    /** Adds {@code tools} and {@code tool_choice}, if there are any. */
    void writeTo(ObjectNode body) {
        if (!tools.isEmpty()) {
            body.set("tools", tools);
            if (choice != null) {
                body.set("tool_choice", choice);
            }
        }
    }

    /** Whether the model must call a tool, with which it cannot think. */
    boolean forced() {
        var type = choice == null ? "" : choice.path("type").asText();
        return type.equals("any") || type.equals("tool");
    }

    /** The same schema, closed: the API wants every object to say that it has no other members. */
    static JsonNode closed(JsonNode schema) {
        var copy = schema.deepCopy();
        close(copy);
        return copy;
    }

    private static void close(JsonNode schema) {
        if (schema instanceof ObjectNode object) {
            if (object.path("type").asText().equals("object") && !object.has("additionalProperties")) {
                object.put("additionalProperties", false);
            }
            object.properties().forEach(member -> {
                if (!NO_SCHEMAS.contains(member.getKey())) {
                    close(member.getValue());
                }
            });
        } else if (schema.isArray()) {
            schema.forEach(Tools::close);
        }
    }

    private Optional<ObjectNode> tool(JsonNode given, String field) {
        var function = given.path("function");
        if (function instanceof ObjectNode known) {
            return Optional.of(function(known, given));
        }
        if (given instanceof ObjectNode own && !own.has("custom")) {
            return Optional.of(own.deepCopy());
        }
        asked.cannot(field, "Anthropic's API has no tools whose input is free text.");
        return Optional.empty();
    }

    private static ObjectNode function(ObjectNode function, JsonNode given) {
        var tool = OpenAiForm.object().put("name", function.path("name").asText());
        if (function.path("description").isTextual()) {
            tool.set("description", function.path("description"));
        }
        var strict = function.path("strict").asBoolean();
        var schema = function.path("parameters") instanceof ObjectNode parameters
                ? parameters.deepCopy()
                : OpenAiForm.object();
        if (!schema.has("type")) {
            schema.put("type", "object");
        }
        tool.set("input_schema", strict ? closed(schema) : schema);
        if (strict) {
            tool.put("strict", true);
        }
        Blocks.cacheControl(given, tool);
        Blocks.cacheControl(function, tool);
        return tool;
    }

    private ObjectNode choice(JsonNode given) {
        var choice = OpenAiForm.object();
        if (given.isMissingNode()) {
            return choice;
        }
        if (given.at("/function/name").isTextual()) {
            return choice.put("type", "tool")
                    .put("name", given.at("/function/name").asText());
        }
        return switch (given.asText()) {
            case "auto" -> choice.put("type", "auto");
            case "none" -> choice.put("type", "none");
            case "required" -> choice.put("type", "any");
            default -> {
                asked.cannot("tool_choice", "Anthropic's API knows 'auto', 'none', 'required' and a function's name.");
                yield choice;
            }
        };
    }
}
