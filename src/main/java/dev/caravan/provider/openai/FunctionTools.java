package dev.caravan.provider.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** The tools of a request, for dialects that take functions as OpenAI writes them, and nothing else. */
public final class FunctionTools {

    private FunctionTools() {}

    /** Takes the functions; null where there are none, or none of them shall be called ({@code tool_choice: none}). */
    public static @Nullable ArrayNode take(Asked request) {
        var functions = OpenAiForm.object().putArray("tools");
        var tools = request.take("tools");
        for (var i = 0; i < tools.size(); i++) {
            var name = "tools[" + i + "]";
            if (tools.get(i) instanceof ObjectNode tool && tool.get("function") instanceof ObjectNode function) {
                if (function.path("strict").asBoolean()) {
                    request.leaveOut(name + ".function.strict", request.api() + " does not hold a call to its schema.");
                }
                function.remove("strict");
                functions.add(tool);
            } else {
                request.cannot(name, request.api() + " knows no tools but functions.");
            }
        }
        return functions.isEmpty() ? null : functions;
    }
}
