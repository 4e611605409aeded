package dev.caravan.provider.gemini;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.chat.Usage;
import dev.caravan.provider.openai.OpenAiForm;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is the same in a whole answer and in a piece of a stream.
 *
 * @see <a href="https://ai.google.dev/api/generate-content#generatecontentresponse">the fields</a>
 */
final class Candidates {

    private Candidates() {}

    /** The finish reason for Google's; {@code stop} for those that are not known. */
    static String finish(String reason, boolean calls) {
        return switch (reason) {
            case "MAX_TOKENS" -> "length";
            case "SAFETY",
                    "RECITATION",
                    "BLOCKLIST",
                    "PROHIBITED_CONTENT",
                    "SPII",
                    "IMAGE_SAFETY",
                    "IMAGE_PROHIBITED_CONTENT",
                    "IMAGE_RECITATION" -> "content_filter";
            default -> calls ? "tool_calls" : "stop";
        };
    }

    /** What to say of a candidate that failed: the model began a tool call that makes no sense. Null if it did not. */
    static @Nullable String failure(JsonNode candidate) {
        return switch (candidate.path("finishReason").asText()) {
            case "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL" ->
                "The model called a tool in a way that makes no sense ("
                        + candidate.path("finishReason").asText() + ").";
            default -> null;
        };
    }

    /** Why the prompt was not answered at all; null if it was not refused. */
    static @Nullable String blocked(JsonNode answer) {
        var feedback = answer.path("promptFeedback");
        var reason = feedback.path("blockReason").asText();
        return reason.isEmpty()
                ? null
                : feedback.path("blockReasonMessage").asText("The prompt was blocked (" + reason + ").");
    }

    /** A function call as a tool call, with an id made up where it has none. */
    static ObjectNode toolCall(JsonNode part) {
        var function = part.path("functionCall");
        var id = function.path("id").asText();
        var args = function.path("args");
        var call = OpenAiForm.toolCall(
                id.isEmpty() ? OpenAiForm.freshCallId() : id,
                function.path("name").asText(),
                args.isObject() ? args.toString() : "{}");
        Signature.keep(part, call);
        return call;
    }

    /** An image that the model made, as it would stand in a request; null where the part has none. */
    static @Nullable ObjectNode image(JsonNode part) {
        var data = part.path("inlineData");
        if (!data.path("mimeType").asText().startsWith("image/")) {
            return null;
        }
        var image = OpenAiForm.object().put("type", "image_url");
        image.putObject("image_url")
                .put(
                        "url",
                        "data:" + data.path("mimeType").asText() + ";base64,"
                                + data.path("data").asText());
        return image;
    }

    /** The {@code usage}; null where nothing was counted. Google counts thoughts beside the answer, OpenAI in it. */
    static @Nullable ObjectNode usage(JsonNode answer) {
        var counts = answer.path("usageMetadata");
        if (!counts.isObject()) {
            return null;
        }
        var thoughts = counts.path("thoughtsTokenCount").asLong();
        return OpenAiForm.usage(new Usage(
                counts.path("promptTokenCount").asLong()
                        + counts.path("toolUsePromptTokenCount").asLong(),
                counts.path("candidatesTokenCount").asLong() + thoughts,
                counts.path("cachedContentTokenCount").asLong(),
                thoughts));
    }

    /** The {@code logprobs} of a choice; null where none were asked for. */
    static @Nullable ObjectNode logprobs(JsonNode candidate) {
        var result = candidate.path("logprobsResult");
        if (!result.path("chosenCandidates").isArray()) {
            return null;
        }
        var logprobs = OpenAiForm.object();
        var content = logprobs.putArray("content");
        var chosen = result.path("chosenCandidates");
        for (var i = 0; i < chosen.size(); i++) {
            var token = content.addObject();
            token(chosen.get(i), token);
            alternatives(result.path("topCandidates").path(i).path("candidates"), token.putArray("top_logprobs"));
        }
        return logprobs;
    }

    private static void alternatives(JsonNode candidates, ArrayNode top) {
        candidates.forEach(each -> token(each, top.addObject()));
    }

    private static void token(JsonNode from, ObjectNode to) {
        var text = from.path("token").asText();
        to.put("token", text);
        to.set("logprob", from.path("logProbability"));
        var bytes = to.putArray("bytes");
        for (var each : text.getBytes(UTF_8)) {
            bytes.add(each & 0xff);
        }
    }
}
