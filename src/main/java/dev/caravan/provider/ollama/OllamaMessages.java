package dev.caravan.provider.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.provider.openai.Asked;
import dev.caravan.provider.openai.AskedPart;
import dev.caravan.provider.openai.ContentPart;
import dev.caravan.provider.openai.DataUrl;
import dev.caravan.provider.openai.OpenAiForm;
import java.util.HashMap;
import java.util.Map;

/** The messages of a request in Ollama's words. */
final class OllamaMessages {

    private final Asked request;
    private final Map<String, String> functions = new HashMap<>();

    OllamaMessages(Asked request) {
        this.request = request;
    }

    void into(ArrayNode messages) {
        var asked = request.take("messages");
        for (var i = 0; i < asked.size(); i++) {
            var fields = new AskedPart(request, "messages[" + i + "]", (ObjectNode) asked.get(i));
            messages.add(message(fields));
            fields.finish();
        }
    }

    private ObjectNode message(AskedPart fields) {
        var message = OpenAiForm.object();
        var role = OpenAiForm.text(fields.take("role"));
        message.put(
                "role",
                switch (role) {
                    case "developer" -> "system";
                    case "function" -> "tool";
                    default -> role;
                });
        content(fields, message);
        var thinking = OpenAiForm.text(fields.take("reasoning_content"));
        if (!thinking.isEmpty()) {
            message.put("thinking", thinking);
        }
        var calls = fields.take("tool_calls");
        for (var i = 0; i < calls.size(); i++) {
            call(fields, "tool_calls[" + i + "]", calls.get(i), message.withArray("tool_calls"));
        }
        result(fields, message);
        return message;
    }

    private static void content(AskedPart fields, ObjectNode message) {
        var parts = ContentPart.of(fields);
        message.put("content", ContentPart.text(parts));
        for (var part : parts) {
            switch (part) {
                case ContentPart.Text _ -> {}
                case ContentPart.Image image -> {
                    var data = DataUrl.of(image.url());
                    if (data.isPresent()) {
                        message.withArray("images").add(data.get().base64());
                    } else {
                        fields.cannot(image.name(), "Ollama fetches no images: send it as a data: url.");
                    }
                }
                case ContentPart.Audio audio -> fields.cannot(audio.name(), "Ollama's API takes no audio.");
                case ContentPart.Other other -> fields.cannot(other.name(), "Ollama's API takes text and images only.");
            }
        }
    }

    private void call(AskedPart fields, String name, JsonNode call, ArrayNode calls) {
        var function = call.path("function");
        if (!function.path("name").isTextual()) {
            fields.cannot(name, "Ollama's API knows no calls but those of functions.");
            return;
        }
        var said = calls.addObject();
        var id = call.path("id").textValue();
        if (id != null) {
            said.put("id", id);
            functions.put(id, OpenAiForm.text(function.path("name")));
        }
        var text = OpenAiForm.text(function.path("arguments"));
        var arguments = text.isBlank() ? OpenAiForm.object() : OpenAiForm.tree(text);
        if (arguments == null) {
            fields.cannot(
                    name + ".function.arguments",
                    "Ollama takes the arguments of a call as an object, and these are the text of none.");
            arguments = OpenAiForm.object();
        }
        said.putObject("function")
                .put("name", OpenAiForm.text(function.path("name")))
                .set("arguments", arguments);
    }

    /** Ollama's models are told the tool's name, which stands in the call with the same id. */
    private void result(AskedPart fields, ObjectNode message) {
        if (!OpenAiForm.text(message.path("role")).equals("tool")) {
            return;
        }
        var id = OpenAiForm.text(fields.take("tool_call_id"));
        var name = functions.getOrDefault(id, OpenAiForm.text(fields.take("name")));
        if (!name.isEmpty()) {
            message.put("tool_name", name);
        }
        if (!id.isEmpty()) {
            message.put("tool_call_id", id);
        }
    }
}
