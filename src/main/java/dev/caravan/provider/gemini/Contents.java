package dev.caravan.provider.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.provider.openai.Asked;
import dev.caravan.provider.openai.OpenAiForm;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * Makes contents of messages: user and model take turns, and what one of them says in several messages is one content.
 * System and developer messages are the system instruction, wherever they stand: the API has no other place where they
 * keep their authority.
 *
 * @see <a href="https://ai.google.dev/api/generate-content">the fields</a>
 */
final class Contents {

    private static final String USER = "user";
    private static final String MODEL = "model";

    private final Asked asked;
    private final Parts parts;
    private final boolean signed;
    private final List<ObjectNode> system = new ArrayList<>();
    private final List<Content> contents = new ArrayList<>();
    private final Map<String, String> functions = new HashMap<>();

    private record Content(String role, List<ObjectNode> parts) {}

    /** @param signed whether the model wants signatures under its own tool calls */
    Contents(Asked asked, boolean signed) {
        this.asked = asked;
        this.signed = signed;
        parts = new Parts(asked);
        var messages = asked.take("messages");
        for (var i = 0; i < messages.size(); i++) {
            message(messages.get(i), "messages[" + i + "]");
        }
        if (contents.isEmpty()) {
            add(USER, List.copyOf(system)); // the API wants a content, and nobody else speaks
            system.clear();
        }
    }

    /** Adds {@code systemInstruction}, if there is any, and {@code contents}. */
    void writeTo(ObjectNode body) {
        if (!system.isEmpty()) {
            body.putObject("systemInstruction").putArray("parts").addAll(system);
        }
        var list = body.putArray("contents");
        for (var content : contents) {
            list.addObject().put("role", content.role()).putArray("parts").addAll(content.parts());
        }
    }

    private void message(JsonNode message, String field) {
        var content = message.path("content");
        var role = message.path("role").asText();
        if (message.path("name").isTextual() && !role.equals("tool")) {
            asked.leaveOut(field + ".name", "Gemini's API has no names of speakers.");
        }
        switch (role) {
            case "system", "developer" -> {
                if (!contents.isEmpty()) {
                    asked.leaveOut(
                            field + ".role",
                            "Gemini's system instruction stands before all turns, and there this message goes.");
                }
                system.addAll(parts.of(content, field + ".content"));
            }
            case "user" -> add(USER, parts.of(content, field + ".content"));
            case "assistant" -> add(MODEL, model(message, field));
            case "tool" -> result(message, field);
            default -> asked.cannot(field, "Gemini's API has no messages of the role '" + role + "'; give tool calls.");
        }
    }

    private List<ObjectNode> model(JsonNode message, String field) {
        var said = parts.of(message.path("content"), field + ".content");
        if (!message.path("refusal").asText("").isEmpty()) {
            said.add(Parts.text(message.path("refusal").asText()));
        }
        if (!said.isEmpty()) {
            Signature.giveBack(message, said.getLast());
        }
        var calls = message.path("tool_calls");
        for (var i = 0; i < calls.size(); i++) {
            call(calls.get(i), i == 0, field + ".tool_calls[" + i + "]", said);
        }
        return said;
    }

    private void call(JsonNode call, boolean first, String field, List<ObjectNode> said) {
        if (!call.path("function").isObject()) {
            asked.cannot(field, "Gemini's API knows calls of functions only.");
            return;
        }
        var id = call.path("id").asText();
        var name = call.at("/function/name").asText();
        functions.put(id, name);
        var part = OpenAiForm.object();
        var function = part.putObject("functionCall").put("id", id).put("name", name);
        function.set("args", arguments(call.at("/function/arguments").asText(), field));
        if (!Signature.giveBack(call, part) && signed && first) {
            part.put("thoughtSignature", Signature.NONE);
        }
        said.add(part);
    }

    private ObjectNode arguments(String text, String field) {
        var arguments = text.isBlank() ? OpenAiForm.object() : OpenAiForm.tree(text);
        if (arguments == null) {
            asked.leaveOut(
                    field + ".function.arguments",
                    "Gemini's API wants a JSON object: the text stands in one, as 'arguments'.");
            return OpenAiForm.object().put("arguments", text);
        }
        return arguments;
    }

    /** The API knows a result by the function's name: the call before it tells which that was. */
    private void result(JsonNode message, String field) {
        var id = message.path("tool_call_id").asText();
        var name = functions.getOrDefault(id, message.path("name").asText());
        if (name.isEmpty()) {
            asked.cannot(
                    field + ".tool_call_id",
                    "No tool call of this id stands before it, and Gemini's API wants to know the function.");
            return;
        }
        var part = OpenAiForm.object();
        var response = part.putObject("functionResponse").put("id", id).put("name", name);
        var text = new StringJoiner("\n");
        var content = message.path("content");
        for (var each : parts.of(content, field + ".content")) {
            if (each.has("text")) {
                text.add(each.path("text").asText());
            } else {
                asked.cannot(field + ".content", "Gemini's API takes a tool's result as text only.");
            }
        }
        var object = OpenAiForm.tree(text.toString());
        response.set("response", object == null ? OpenAiForm.object().put("output", text.toString()) : object);
        add(USER, List.of(part));
    }

    private void add(String role, List<ObjectNode> said) {
        if (said.isEmpty()) {
            return;
        }
        if (contents.isEmpty() || !contents.getLast().role().equals(role)) {
            contents.add(new Content(role, new ArrayList<>()));
        }
        contents.getLast().parts().addAll(said);
    }
}
