package dev.caravan.provider.ollama;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.provider.openai.ContentPart;
import dev.caravan.provider.openai.OpenAiForm;
import dev.caravan.provider.openai.RequestFields;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** The messages of a request in Ollama's words. */
final class OllamaMessages {

    private static final Pattern DATA = Pattern.compile("data:[^,]*;base64,(.*)", Pattern.DOTALL);

    private final RequestFields request;
    private final Map<String, String> functions = new HashMap<>();

    OllamaMessages(RequestFields request) {
        this.request = request;
    }

    void into(ArrayNode messages) {
        var asked = request.take("messages");
        for (var i = 0; asked != null && i < asked.size(); i++) {
            var fields = request.in("messages[" + i + "]", (ObjectNode) asked.get(i));
            messages.add(message(fields));
            fields.finish();
        }
    }

    private ObjectNode message(RequestFields fields) {
        var message = OpenAiForm.object();
        var role = String.valueOf(fields.takeText("role"));
        message.put(
                "role",
                switch (role) {
                    case "developer" -> "system";
                    case "function" -> "tool";
                    default -> role;
                });
        content(fields, message);
        var thinking = fields.takeText("reasoning_content");
        if (thinking != null) {
            message.put("thinking", thinking);
        }
        var calls = fields.take("tool_calls");
        for (var i = 0; calls != null && i < calls.size(); i++) {
            call(fields, "tool_calls[" + i + "]", calls.get(i), message.withArray("tool_calls"));
        }
        result(fields, message);
        return message;
    }

    private static void content(RequestFields fields, ObjectNode message) {
        var parts = ContentPart.of(fields);
        message.put("content", ContentPart.text(parts));
        for (var part : parts) {
            switch (part) {
                case ContentPart.Text _ -> {}
                case ContentPart.Image image -> {
                    var data = DATA.matcher(image.url());
                    if (data.matches()) {
                        message.withArray("images").add(data.group(1));
                    } else {
                        fields.cannot(
                                image.name(), "Ollama fetches no images: send it as a data: url in base64.", true);
                    }
                }
                case ContentPart.Audio audio -> fields.cannot(audio.name(), "Ollama's API takes no audio.", true);
                case ContentPart.Other other ->
                    fields.cannot(other.name(), "Ollama's API takes text and images only.", true);
            }
        }
    }

    private void call(RequestFields fields, String name, JsonNode call, ArrayNode calls) {
        var function = call.path("function");
        if (!function.path("name").isTextual()) {
            fields.cannot(name, "Ollama's API knows no calls but those of functions.", true);
            return;
        }
        var said = calls.addObject();
        var id = call.path("id").textValue();
        if (id != null) {
            said.put("id", id);
            functions.put(id, OpenAiForm.text(function.path("name")));
        }
        var text = OpenAiForm.text(function.path("arguments"));
        var arguments = text.isBlank() ? OpenAiForm.object() : OpenAiForm.tree(text.getBytes(UTF_8));
        if (arguments == null) {
            fields.cannot(
                    name + ".function.arguments",
                    "Ollama takes the arguments of a call as an object, and these are the text of none.",
                    true);
            arguments = OpenAiForm.object();
        }
        said.putObject("function")
                .put("name", OpenAiForm.text(function.path("name")))
                .set("arguments", arguments);
    }

    /** Ollama's models are told the tool's name, which stands in the call with the same id. */
    private void result(RequestFields fields, ObjectNode message) {
        if (!OpenAiForm.text(message.path("role")).equals("tool")) {
            return;
        }
        var id = fields.takeText("tool_call_id");
        var name = fields.takeText("name");
        var known = name == null && id != null ? functions.get(id) : name;
        if (known != null) {
            message.put("tool_name", known);
        }
        if (id != null) {
            message.put("tool_call_id", id);
        }
    }
}
