package dev.caravan.provider.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.provider.openai.OpenAiForm;

/** Reads a whole answer as a chat completion. */
final class AnswerReader {

    private final StringBuilder content = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    private final ArrayNode calls = OpenAiForm.object().putArray("calls");
    private final ArrayNode images = OpenAiForm.object().putArray("images");
    private final ObjectNode kept = OpenAiForm.object();

    private AnswerReader() {}

    /** The completion; without choices where {@code answer} has neither candidates nor a reason why. */
    static ObjectNode completion(ObjectNode answer) {
        var completion = OpenAiForm.object()
                .put("id", answer.path("responseId").asText())
                .put("object", "chat.completion")
                .put("created", System.currentTimeMillis() / 1000)
                .put("model", answer.path("modelVersion").asText());
        var choices = completion.putArray("choices");
        for (var candidate : answer.path("candidates")) {
            var reader = new AnswerReader();
            candidate.at("/content/parts").forEach(reader::part);
            choices.add(reader.choice(candidate, choices.size()));
        }
        var blocked = Candidates.blocked(answer);
        if (choices.isEmpty() && blocked != null) {
            var choice = choices.addObject().put("index", 0);
            choice.putObject("message")
                    .put("role", "assistant")
                    .putNull("content")
                    .put("refusal", blocked);
            choice.put("finish_reason", "content_filter");
        }
        var usage = Candidates.usage(answer);
        if (usage != null) {
            completion.set("usage", usage);
        }
        return completion;
    }

    private void part(JsonNode part) {
        var text = part.path("text").asText();
        if (part.path("thought").asBoolean()) {
            reasoning.append(text);
            return;
        }
        content.append(text);
        var image = Candidates.image(part);
        if (image != null) {
            images.add(image);
        }
        if (part.has("functionCall")) {
            calls.add(Candidates.toolCall(part));
        } else {
            Signature.keep(part, kept);
        }
    }

    private ObjectNode choice(JsonNode candidate, int place) {
        var choice = OpenAiForm.object().put("index", candidate.path("index").asInt(place));
        var message = choice.putObject("message").put("role", "assistant");
        message.put("content", content.isEmpty() && !calls.isEmpty() ? null : content.toString());
        message.putNull("refusal");
        if (!reasoning.isEmpty()) {
            message.put("reasoning_content", reasoning.toString());
        }
        if (!calls.isEmpty()) {
            message.set("tool_calls", calls);
        }
        if (!images.isEmpty()) {
            message.set("images", images);
        }
        message.setAll(kept);
        var logprobs = Candidates.logprobs(candidate);
        if (logprobs != null) {
            choice.set("logprobs", logprobs);
        }
        return choice.put(
                "finish_reason",
                Candidates.finish(candidate.path("finishReason").asText(), !calls.isEmpty()));
    }
}
