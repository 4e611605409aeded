package dev.caravan.provider.dashscope;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.provider.openai.Asked;
import dev.caravan.provider.openai.AskedPart;
import dev.caravan.provider.openai.ContentPart;
import dev.caravan.provider.openai.OpenAiForm;
import java.util.ArrayList;
import java.util.List;

/** The messages of a request in DashScope's words. */
final class DashScopeMessages {

    /** A message and what it says. */
    private record Said(AskedPart fields, List<ContentPart> parts) {}

    private final List<Said> messages = new ArrayList<>();

    DashScopeMessages(Asked request) {
        var asked = request.take("messages");
        for (var i = 0; i < asked.size(); i++) {
            var fields = new AskedPart(request, "messages[" + i + "]", (ObjectNode) asked.get(i));
            messages.add(new Said(fields, ContentPart.of(fields)));
        }
    }

    /** Whether they hold pictures or sounds. */
    boolean holdMedia() {
        return messages.stream()
                .flatMap(message -> message.parts().stream())
                .anyMatch(part -> part instanceof ContentPart.Image || part instanceof ContentPart.Audio);
    }

    /** @param multimodal whether each content is a list of parts, and not a text */
    void into(ArrayNode said, boolean multimodal) {
        for (var message : messages) {
            said.add(message(message, multimodal));
            message.fields().finish();
        }
    }

    private static ObjectNode message(Said said, boolean multimodal) {
        var fields = said.fields();
        var role = OpenAiForm.text(fields.take("role"));
        var message = OpenAiForm.object()
                .put(
                        "role",
                        switch (role) {
                            case "developer" -> "system";
                            case "function" -> "tool";
                            default -> role;
                        });
        if (multimodal) {
            var content = message.putArray("content");
            said.parts().forEach(part -> part(part, content));
        } else {
            message.put("content", ContentPart.text(said.parts()));
        }
        for (var part : said.parts()) {
            if (part instanceof ContentPart.Other) {
                fields.cannot(part.name(), "DashScope's API takes text, images and audio only.");
            }
        }
        fields.pass("reasoning_content", message);
        fields.pass("partial", message);
        var calls = fields.take("tool_calls");
        for (var i = 0; i < calls.size(); i++) {
            call(fields, i, calls.get(i), message.withArray("tool_calls"));
        }
        if (message.path("role").textValue().equals("tool")) {
            fields.pass("tool_call_id", message);
            fields.pass("name", message);
        }
        return message;
    }

    private static void part(ContentPart part, ArrayNode content) {
        switch (part) {
            case ContentPart.Text text -> content.addObject().put("text", text.text());
            case ContentPart.Image image -> content.addObject().put("image", image.url());
            case ContentPart.Audio audio -> content.addObject().put("audio", url(audio));
            case ContentPart.Other _ -> {}
        }
    }

    private static String url(ContentPart.Audio audio) {
        return audio.data().contains(":") ? audio.data() : "data:audio/" + audio.format() + ";base64," + audio.data();
    }

    private static void call(AskedPart fields, int place, JsonNode call, ArrayNode calls) {
        var function = call.path("function");
        if (!function.path("name").isTextual()) {
            fields.cannot("tool_calls[" + place + "]", "DashScope's API knows no calls but those of functions.");
            return;
        }
        calls.addObject()
                .put("index", place)
                .put("id", OpenAiForm.text(call.path("id")))
                .put("type", "function")
                .putObject("function")
                .put("name", OpenAiForm.text(function.path("name")))
                .put("arguments", OpenAiForm.text(function.path("arguments")));
    }
}
