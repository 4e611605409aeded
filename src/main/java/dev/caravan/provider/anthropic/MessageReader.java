package dev.caravan.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.provider.openai.OpenAiForm;
import org.jspecify.annotations.Nullable;

/**
 * Reads a whole message as a chat completion. What the model thought is {@code reasoning_content}, and once more, with
 * the signatures without which the API does not take it back, {@code thinking_blocks}.
 *
 * @see <a href="https://platform.claude.com/docs/en/api/messages">the fields</a>
 */
final class MessageReader {

    private final StringBuilder content = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    private final ArrayNode thinking = OpenAiForm.object().putArray("blocks");
    private final ArrayNode calls = OpenAiForm.object().putArray("calls");
    private boolean spoken;

    private MessageReader() {}

    /** The completion; null where {@code message} is none. */
    static @Nullable ObjectNode completion(ObjectNode message) {
        if (!message.path("content").isArray() || !message.path("stop_reason").isTextual()) {
            return null;
        }
        var reader = new MessageReader();
        message.path("content").forEach(reader::block);
        var completion = OpenAiForm.object()
                .put("id", message.path("id").asText())
                .put("object", "chat.completion")
                .put("created", System.currentTimeMillis() / 1000)
                .put("model", message.path("model").asText());
        var choice = completion.putArray("choices").addObject().put("index", 0);
        choice.set("message", reader.message(message.at("/stop_details/explanation")));
        choice.put("finish_reason", Finish.of(message.path("stop_reason").asText()));
        var counts = new Counts();
        counts.add(message.path("usage"));
        if (counts.told()) {
            completion.set("usage", counts.usage());
        }
        return completion;
    }

    private void block(JsonNode block) {
        switch (block.path("type").asText()) {
            case "text" -> {
                spoken = true;
                content.append(block.path("text").asText());
            }
            case "thinking" -> {
                reasoning.append(block.path("thinking").asText());
                thinking.add(block);
            }
            case "redacted_thinking" -> thinking.add(block);
            case "tool_use" ->
                calls.add(OpenAiForm.toolCall(
                        block.path("id").asText(),
                        block.path("name").asText(),
                        block.path("input").isObject() ? block.path("input").toString() : "{}"));
            default -> {} // what Anthropic's own tools did in between
        }
    }

    private ObjectNode message(JsonNode explanation) {
        var message = OpenAiForm.object().put("role", "assistant");
        var silent = !spoken && (!calls.isEmpty() || explanation.isTextual());
        message.put("content", silent ? null : content.toString());
        message.put("refusal", explanation.textValue());
        if (!reasoning.isEmpty()) {
            message.put("reasoning_content", reasoning.toString());
        }
        if (!thinking.isEmpty()) {
            message.set("thinking_blocks", thinking);
        }
        if (!calls.isEmpty()) {
            message.set("tool_calls", calls);
        }
        return message;
    }
}
