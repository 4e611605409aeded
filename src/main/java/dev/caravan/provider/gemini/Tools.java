package dev.caravan.provider.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.provider.openai.Asked;
import dev.caravan.provider.openai.OpenAiForm;

/**
 * Says which tools there are and which may be chosen. A tool that is not OpenAI's, such as {@code googleSearch}, passes
 * as it came.
 *
 * @see <a href="https://ai.google.dev/gemini-api/docs/function-calling">function calling</a>
 */
final class Tools {

    private final Asked asked;
    private final ArrayNode tools = OpenAiForm.object().putArray("tools");
    private final ArrayNode functions = OpenAiForm.object().putArray("functionDeclarations");
    private final ObjectNode choice = OpenAiForm.object();

    Tools(Asked asked) {
        this.asked = asked;
        var given = asked.take("tools");
        for (var i = 0; i < given.size(); i++) {
            tool(given.get(i), "tools[" + i + "]");
        }
        choose(asked.take("tool_choice"));
    }

    /** Adds {@code tools} and {@code toolConfig}, if there are any. */
    void writeTo(ObjectNode body) {
        if (!functions.isEmpty()) {
            tools.addObject().set("functionDeclarations", functions);
        }
        if (!tools.isEmpty()) {
            body.set("tools", tools);
        }
        if (!functions.isEmpty() && !choice.isEmpty()) {
            body.putObject("toolConfig").set("functionCallingConfig", choice);
        }
    }

    private void tool(JsonNode given, String field) {
        if (given.path("function") instanceof ObjectNode function) {
            declare(function, field);
        } else if (given instanceof ObjectNode own && !own.has("type")) {
            tools.add(own);
        } else {
            asked.cannot(
                    field,
                    "Gemini's API has no tools of the type '"
                            + given.path("type").asText() + "'.");
        }
    }

    private void declare(ObjectNode function, String field) {
        var declaration =
                functions.addObject().put("name", function.path("name").asText());
        if (function.path("description").isTextual()) {
            declaration.set("description", function.path("description"));
        }
        if (function.path("parameters").isObject()
                && !function.path("parameters").isEmpty()) {
            declaration.set("parametersJsonSchema", function.path("parameters"));
        }
        if (function.path("strict").asBoolean()) {
            asked.leaveOut(field + ".function.strict", "Gemini's API promises no arguments that keep to the schema.");
        }
    }

    private void choose(JsonNode given) {
        if (given.isMissingNode()) {
            return;
        }
        if (given.at("/function/name").isTextual()) {
            choice.put("mode", "ANY").putArray("allowedFunctionNames").add(given.at("/function/name"));
            return;
        }
        switch (given.asText()) {
            case "auto" -> choice.put("mode", "AUTO");
            case "none" -> choice.put("mode", "NONE");
            case "required" -> choice.put("mode", "ANY");
            default ->
                asked.cannot("tool_choice", "Gemini's API knows 'auto', 'none', 'required' and a function's name.");
        }
    }
}
