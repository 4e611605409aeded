package dev.caravan.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.provider.openai.Asked;
import dev.caravan.provider.openai.DataUrl;
import dev.caravan.provider.openai.OpenAiForm;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes content blocks of content parts. A part that is a content block already passes as it came, and so does a part's
 * {@code cache_control}.
 *
 * @see <a href="https://platform.claude.com/docs/en/build-with-claude/vision">images</a>
 * @see <a href="https://platform.claude.com/docs/en/build-with-claude/pdf-support">documents</a>
 */
final class Blocks {

    private static final Set<String> OWN = Set.of("image", "document", "search_result", "container_upload");
    private static final Set<String> IMAGES = Set.of("image/jpeg", "image/png", "image/gif", "image/webp");

    private final Asked asked;

    Blocks(Asked asked) {
        this.asked = asked;
    }

    static ObjectNode text(String text) {
        return OpenAiForm.object().put("type", "text").put("text", text);
    }

    /**
     * The blocks of a message's content, be it a string or a list of parts; none of an empty text, which the API refuses.
     *
     * @param field where the content stands, for the sentences about what cannot be said
     */
    List<ObjectNode> of(JsonNode content, String field) {
        var blocks = new ArrayList<ObjectNode>();
        if (content.isTextual() && !content.asText().isEmpty()) {
            blocks.add(text(content.asText()));
        }
        if (content.isArray()) {
            for (var i = 0; i < content.size(); i++) {
                var part = content.get(i);
                var block = block(part, field + "[" + i + "]");
                if (block != null) {
                    cacheControl(part, block);
                    blocks.add(block);
                }
            }
        }
        return blocks;
    }

    static void cacheControl(JsonNode from, ObjectNode block) {
        if (from.path("cache_control").isObject()) {
            block.set("cache_control", from.path("cache_control"));
        }
    }

    private @Nullable ObjectNode block(JsonNode part, String field) {
        var type = part.path("type").asText();
        return switch (type) {
            case "text" -> textOrNothing(part.path("text").asText());
            case "refusal" -> textOrNothing(part.path("refusal").asText());
            case "image_url" -> {
                if (!part.at("/image_url/detail").asText("auto").equals("auto")) {
                    asked.leaveOut(
                            field + ".image_url.detail",
                            "Anthropic's API decides itself how closely it looks at an image.");
                }
                yield image(url(part.path("image_url")), field);
            }
            case "file" -> file(part.path("file"), field);
            default -> {
                if (OWN.contains(type)) {
                    yield part.deepCopy();
                }
                asked.cannot(field, "Anthropic's API takes no content part of the type '" + type + "'.");
                yield null;
            }
        };
    }

    private static @Nullable ObjectNode textOrNothing(String text) {
        return text.isEmpty() ? null : text(text);
    }

    private static String url(JsonNode imageUrl) {
        return imageUrl.isTextual() ? imageUrl.asText() : imageUrl.path("url").asText();
    }

    private @Nullable ObjectNode image(String url, String field) {
        var data = DataUrl.of(url);
        if (data.isEmpty()) {
            return sourced("image", OpenAiForm.object().put("type", "url").put("url", url));
        }
        if (!IMAGES.contains(data.get().mediaType())) {
            asked.cannot(field, "Anthropic's API takes images as JPEG, PNG, GIF and WebP only.");
            return null;
        }
        return sourced("image", base64(data.get()));
    }

    private @Nullable ObjectNode file(JsonNode file, String field) {
        var data = DataUrl.of(file.path("file_data").asText());
        var type = data.map(DataUrl::mediaType).orElse("");
        ObjectNode block = null;
        if (type.equals("application/pdf")) {
            block = sourced("document", base64(data.orElseThrow()));
        } else if (IMAGES.contains(type)) {
            return sourced("image", base64(data.orElseThrow()));
        } else if (type.equals("text/plain")) {
            block = plainText(data.orElseThrow());
        }
        if (block == null) {
            asked.cannot(
                    field,
                    "Anthropic's API takes files as a data url in 'file_data' only, and of those PDF, plain text, JPEG,"
                            + " PNG, GIF and WebP.");
            return null;
        }
        if (file.path("filename").isTextual()) {
            block.set("title", file.path("filename"));
        }
        return block;
    }

    private static @Nullable ObjectNode plainText(DataUrl data) {
        try {
            var text = new String(Base64.getMimeDecoder().decode(data.base64()), StandardCharsets.UTF_8);
            return sourced(
                    "document",
                    OpenAiForm.object()
                            .put("type", "text")
                            .put("media_type", "text/plain")
                            .put("data", text));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static ObjectNode base64(DataUrl data) {
        return OpenAiForm.object()
                .put("type", "base64")
                .put("media_type", data.mediaType())
                .put("data", data.base64());
    }

    private static ObjectNode sourced(String type, ObjectNode source) {
        var block = OpenAiForm.object().put("type", type);
        block.set("source", source);
        return block;
    }
}
