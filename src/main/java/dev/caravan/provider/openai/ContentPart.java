package dev.caravan.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A part of a message's content, as the codecs of other dialects look at it. */
public sealed interface ContentPart {

    /** Where it stands in its message, such as {@code content[1]}. */
    String name();

    /** Words. */
    record Text(String name, String text) implements ContentPart {}

    /**
     * A picture.
     *
     * @param url where it can be had, or {@code data:} and the picture itself
     */
    record Image(String name, String url) implements ContentPart {}

    /**
     * A sound.
     *
     * @param data in base64
     * @param format such as {@code wav}
     */
    record Audio(String name, String data, String format) implements ContentPart {}

    /** Something else, such as a file. */
    record Other(String name, String type) implements ContentPart {}

    /** The parts of a message: one for a string, none for null. */
    static List<ContentPart> of(AskedPart message) {
        var content = message.take("content");
        var refusal = message.take("refusal");
        var parts = new ArrayList<ContentPart>();
        if (content.isArray()) {
            for (var part : content) {
                parts.add(part("content[" + parts.size() + "]", (ObjectNode) part, message));
            }
        } else if (content.isTextual()) {
            parts.add(new Text("content", OpenAiForm.text(content)));
        }
        if (refusal.isTextual()) {
            parts.add(new Text("refusal", refusal.textValue()));
        }
        return parts;
    }

    /** The words of some parts, each part on a line of its own. */
    static String text(List<ContentPart> parts) {
        return parts.stream()
                .filter(Text.class::isInstance)
                .map(part -> ((Text) part).text())
                .collect(Collectors.joining("\n"));
    }

    private static ContentPart part(String name, ObjectNode part, AskedPart message) {
        var type = OpenAiForm.text(part.path("type"));
        return switch (type) {
            case "text" -> new Text(name, OpenAiForm.text(part.path("text")));
            case "refusal" -> new Text(name, OpenAiForm.text(part.path("refusal")));
            case "image_url" -> image(name, part.path("image_url"), message);
            case "input_audio" -> {
                var audio = part.path("input_audio");
                yield new Audio(name, OpenAiForm.text(audio.path("data")), OpenAiForm.text(audio.path("format")));
            }
            default -> new Other(name, type);
        };
    }

    private static ContentPart image(String name, JsonNode image, AskedPart message) {
        var detail = image.path("detail").asText("auto");
        if (!detail.equals("auto")) {
            message.leaveOut(name + ".image_url.detail", message.api() + " has no detail of an image.");
        }
        return new Image(name, image.isTextual() ? image.textValue() : OpenAiForm.text(image.path("url")));
    }
}
