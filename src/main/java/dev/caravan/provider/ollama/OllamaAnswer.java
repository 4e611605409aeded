package dev.caravan.provider.ollama;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.provider.openai.OpenAiForm;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** Reads what Ollama answers: a whole answer, or a line of a streamed one. */
final class OllamaAnswer {

    private OllamaAnswer() {}

    /** Whether it is an answer at all, and has come to its end. */
    static boolean isWhole(ObjectNode answer) {
        return isPiece(answer) && answer.path("done").asBoolean();
    }

    /** Whether it says something, or that nothing more is said. */
    static boolean isPiece(ObjectNode answer) {
        return !answer.hasNonNull("error")
                && (answer.path("message").isObject() || answer.path("done").asBoolean());
    }

    static ObjectNode completion(ObjectNode answer) {
        var said = answer.path("message");
        var completion = OpenAiForm.object().put("object", "chat.completion");
        completion.put("created", created(answer));
        completion.put("model", OpenAiForm.text(answer.path("model")));
        var choice = completion.putArray("choices").addObject().put("index", 0);
        var message = choice.putObject("message").put("role", "assistant");
        var calls = calls(said, 0);
        var content = OpenAiForm.text(said.path("content"));
        message.put("content", content.isEmpty() && !calls.isEmpty() ? null : content);
        thinking(said, message);
        if (!calls.isEmpty()) {
            calls.forEach(call -> ((ObjectNode) call).remove("index"));
            message.set("tool_calls", calls);
        }
        choice.put("finish_reason", finishReason(answer, !calls.isEmpty()));
        var logprobs = logprobs(answer);
        if (logprobs != null) {
            choice.set("logprobs", logprobs);
        }
        var usage = usage(answer);
        if (usage != null) {
            completion.set("usage", usage);
        }
        return completion;
    }

    /** What the model thought goes where OpenAI's kin has it. */
    static void thinking(JsonNode said, ObjectNode message) {
        var thinking = OpenAiForm.text(said.path("thinking"));
        if (!thinking.isEmpty()) {
            message.put("reasoning_content", thinking);
        }
    }

    /** What is known of the tokens; null where that was not asked for. */
    static @Nullable ObjectNode logprobs(ObjectNode answer) {
        return answer.get("logprobs") instanceof ArrayNode tokens && !tokens.isEmpty()
                ? OpenAiForm.object().set("content", tokens)
                : null;
    }

    /**
     * The calls as OpenAI has them. Older servers give no ids, so some are made up.
     *
     * @param first the place of the first among all calls of the answer
     */
    static ArrayNode calls(JsonNode said, int first) {
        var calls = OpenAiForm.object().putArray("tool_calls");
        for (var call : said.path("tool_calls")) {
            var function = call.path("function");
            var id = OpenAiForm.text(call.path("id"));
            var index = first + calls.size();
            calls.addObject()
                    .put("index", index)
                    .put("id", id.isEmpty() ? OpenAiForm.freshCallId() : id)
                    .put("type", "function")
                    .putObject("function")
                    .put("name", OpenAiForm.text(function.path("name")))
                    .put("arguments", arguments(function.path("arguments")));
        }
        return calls;
    }

    private static String arguments(JsonNode arguments) {
        return switch (arguments) {
            case ObjectNode object -> new String(OpenAiForm.bytes(object), UTF_8);
            case JsonNode other when other.isTextual() -> other.asText();
            default -> "{}";
        };
    }

    /** Ollama says {@code stop} for tool calls too; {@code load} and {@code unload} it says when there was no question. */
    static String finishReason(ObjectNode answer, boolean calls) {
        if (OpenAiForm.text(answer.path("done_reason")).equals("length")) {
            return "length";
        }
        return calls ? "tool_calls" : "stop";
    }

    /** When, in seconds since 1970: now, if Ollama does not say. */
    static long created(ObjectNode answer) {
        try {
            return OffsetDateTime.parse(OpenAiForm.text(answer.path("created_at")))
                    .toEpochSecond();
        } catch (DateTimeException e) {
            return System.currentTimeMillis() / 1000;
        }
    }

    /**
     * What was counted; null where nothing was. Ollama leaves a count of 0 out: one of a prompt, when all of it was in
     * the model's cache.
     */
    static @Nullable ObjectNode usage(ObjectNode answer) {
        if (!answer.has("prompt_eval_count") && !answer.has("eval_count")) {
            return null;
        }
        var prompt = OpenAiForm.count(answer.path("prompt_eval_count"));
        var completion = OpenAiForm.count(answer.path("eval_count"));
        return OpenAiForm.object()
                .put("prompt_tokens", prompt)
                .put("completion_tokens", completion)
                .put("total_tokens", prompt + completion);
    }
}
