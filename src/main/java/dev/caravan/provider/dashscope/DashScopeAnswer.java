package dev.caravan.provider.dashscope;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.chat.Usage;
import dev.caravan.provider.openai.OpenAiForm;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what DashScope answers: a whole answer, or an event of a streamed one, which has the same form. */
final class DashScopeAnswer {

    private DashScopeAnswer() {}

    /**
     * The answer as a chat completion; null if it holds none.
     *
     * @param model the model's name, which DashScope does not repeat
     */
    static @Nullable ObjectNode completion(ObjectNode answer, String model) {
        var completion = OpenAiForm.object()
                .put("id", OpenAiForm.text(answer.path("request_id")))
                .put("object", "chat.completion")
                .put("model", model);
        var choices = completion.putArray("choices");
        for (var choice : choices(answer)) {
            choices.add(choice(answer, choice, choices.size()));
        }
        if (choices.isEmpty()) {
            return null;
        }
        var usage = usage(answer);
        if (usage != null) {
            completion.set("usage", usage);
        }
        return completion;
    }

    /** The choices; one made of {@code text} where a model has only that. */
    static List<ObjectNode> choices(ObjectNode answer) {
        var output = answer.path("output");
        var choices = new ArrayList<ObjectNode>();
        for (var choice : output.path("choices")) {
            if (choice instanceof ObjectNode object && object.path("message").isObject()) {
                choices.add(object);
            }
        }
        if (choices.isEmpty() && output.path("text").isTextual()) {
            var choice = OpenAiForm.object();
            choice.putObject("message").set("content", output.path("text"));
            choice.set("finish_reason", output.path("finish_reason"));
            choices.add(choice);
        }
        return choices;
    }

    private static ObjectNode choice(ObjectNode answer, ObjectNode choice, int place) {
        var said = choice.path("message");
        var completed = OpenAiForm.object().put("index", index(choice, place));
        var message = completed.putObject("message").put("role", "assistant");
        var calls = said.path("tool_calls") instanceof ArrayNode array && !array.isEmpty() ? array : null;
        var content = content(said);
        message.put("content", content.isEmpty() && calls != null ? null : content);
        var thought = OpenAiForm.text(said.path("reasoning_content"));
        if (!thought.isEmpty()) {
            message.put("reasoning_content", thought);
        }
        if (calls != null) {
            var whole = message.putArray("tool_calls");
            calls.forEach(call -> whole.add(call(call)));
        }
        search(answer, message);
        var finish = finishReason(choice, calls != null);
        completed.put("finish_reason", finish == null ? "stop" : finish);
        var logprobs = logprobs(choice);
        if (logprobs != null) {
            completed.set("logprobs", logprobs);
        }
        return completed;
    }

    private static ObjectNode call(JsonNode call) {
        var id = OpenAiForm.text(call.path("id"));
        var whole = OpenAiForm.object()
                .put("id", id.isEmpty() ? OpenAiForm.freshCallId() : id)
                .put("type", "function");
        whole.putObject("function")
                .put("name", OpenAiForm.text(call.at("/function/name")))
                .put("arguments", OpenAiForm.text(call.at("/function/arguments")));
        return whole;
    }

    static int index(ObjectNode choice, int place) {
        return choice.path("index").isInt() ? choice.path("index").intValue() : place;
    }

    /** A text, which multimodal models give as a list of parts. */
    static String content(JsonNode said) {
        var content = said.path("content");
        var text = new StringBuilder(OpenAiForm.text(content));
        for (var part : content) {
            text.append(OpenAiForm.text(part.path("text")));
        }
        return text.toString();
    }

    /** What is known of the tokens; null where that was not asked for. */
    static @Nullable ObjectNode logprobs(ObjectNode choice) {
        return choice.path("logprobs") instanceof ObjectNode logprobs ? logprobs : null;
    }

    /** What was found on the web goes with the message that quotes it. */
    static void search(ObjectNode answer, ObjectNode message) {
        var found = answer.at("/output/search_info");
        if (found.isObject()) {
            message.set("search_info", found);
        }
    }

    /** Null while the model goes on, for which DashScope says {@code "null"}; {@code stop} it says for forced calls too. */
    static @Nullable String finishReason(ObjectNode choice, boolean calls) {
        return switch (OpenAiForm.text(choice.path("finish_reason"))) {
            case "", "null" -> null;
            case "length" -> "length";
            case "content_filter" -> "content_filter";
            default -> calls ? "tool_calls" : "stop";
        };
    }

    /** What was counted; null where nothing was. */
    static @Nullable ObjectNode usage(ObjectNode answer) {
        if (!(answer.path("usage") instanceof ObjectNode counted)) {
            return null;
        }
        var prompt = OpenAiForm.count(counted.path("input_tokens"));
        var completion = OpenAiForm.count(counted.path("output_tokens"));
        var usage = OpenAiForm.object()
                .put("prompt_tokens", prompt)
                .put("completion_tokens", completion)
                .put("total_tokens", prompt + completion);
        details(counted.path("prompt_tokens_details"), "prompt_tokens_details", usage);
        details(counted.path("output_tokens_details"), "completion_tokens_details", usage);
        return usage;
    }

    /** The same as a value. */
    static @Nullable Usage counted(@Nullable ObjectNode usage) {
        return usage == null
                ? null
                : new Usage(
                        OpenAiForm.count(usage.path("prompt_tokens")),
                        OpenAiForm.count(usage.path("completion_tokens")),
                        OpenAiForm.count(usage.at("/prompt_tokens_details/cached_tokens")),
                        OpenAiForm.count(usage.at("/completion_tokens_details/reasoning_tokens")));
    }

    private static void details(JsonNode details, String name, ObjectNode usage) {
        if (details.isObject() && !details.isEmpty()) {
            usage.set(name, details);
        }
    }
}
