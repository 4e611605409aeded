package dev.caravan.provider.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.provider.openai.Asked;
import dev.caravan.provider.openai.DataUrl;
import dev.caravan.provider.openai.OpenAiForm;
import java.net.URLConnection;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes parts of content parts. The API fetches what is given by url itself: from the web, from Google's storage, from
 * its own files and from YouTube.
 *
 * @see <a href="https://ai.google.dev/gemini-api/docs/file-input-methods">files</a>
 */
final class Parts {

    private final Asked asked;

    Parts(Asked asked) {
        this.asked = asked;
    }

    static ObjectNode text(String text) {
        return OpenAiForm.object().put("text", text);
    }

    /**
     * The parts of a message's content, be it a string or a list of content parts; none of an empty text.
     *
     * @param field where the content stands, for the sentences about what cannot be said
     */
    List<ObjectNode> of(JsonNode content, String field) {
        var parts = new ArrayList<ObjectNode>();
        if (content.isTextual() && !content.asText().isEmpty()) {
            parts.add(text(content.asText()));
        }
        if (content.isArray()) {
            for (var i = 0; i < content.size(); i++) {
                var part = part(content.get(i), field + "[" + i + "]");
                if (part != null) {
                    parts.add(part);
                }
            }
        }
        return parts;
    }

    private @Nullable ObjectNode part(JsonNode part, String field) {
        var type = part.path("type").asText();
        return switch (type) {
            case "text" -> textOrNothing(part.path("text").asText());
            case "refusal" -> textOrNothing(part.path("refusal").asText());
            case "image_url", "video_url" -> media(part.path(type), field);
            case "input_audio" -> audio(part.path("input_audio"));
            case "file" -> file(part.path("file"), field);
            default -> {
                asked.cannot(field, "Gemini's API takes no content part of the type '" + type + "'.");
                yield null;
            }
        };
    }

    private static @Nullable ObjectNode textOrNothing(String text) {
        return text.isEmpty() ? null : text(text);
    }

    private ObjectNode media(JsonNode media, String field) {
        var detail = media.path("detail").asText("auto");
        if (!detail.equals("auto")) {
            asked.leaveOut(
                    field + ".image_url.detail", "Gemini's API decides itself how closely it looks at an image.");
        }
        var url = media.isTextual() ? media.asText() : media.path("url").asText();
        return DataUrl.of(url)
                .map(data -> inline(data.mediaType(), data.base64()))
                .orElseGet(() -> byUrl(url));
    }

    private static ObjectNode byUrl(String url) {
        var part = OpenAiForm.object();
        var data = part.putObject("fileData");
        var path = url.split("[?#]", 2)[0];
        var type = path.endsWith(".webp") ? "image/webp" : URLConnection.guessContentTypeFromName(path);
        if (type != null) {
            data.put("mimeType", type);
        }
        data.put("fileUri", url);
        return part;
    }

    private static ObjectNode audio(JsonNode audio) {
        return inline(
                "audio/" + audio.path("format").asText("wav"),
                audio.path("data").asText());
    }

    private @Nullable ObjectNode file(JsonNode file, String field) {
        var data = DataUrl.of(file.path("file_data").asText());
        if (data.isEmpty()) {
            asked.cannot(field, "Gemini's API takes files as a data url in 'file_data' only.");
            return null;
        }
        return inline(data.get().mediaType(), data.get().base64());
    }

    private static ObjectNode inline(String mediaType, String base64) {
        var part = OpenAiForm.object();
        part.putObject("inlineData").put("mimeType", mediaType).put("data", base64);
        return part;
    }
}
