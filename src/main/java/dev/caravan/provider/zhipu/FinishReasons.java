package dev.caravan.provider.zhipu;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.chat.ChatChunk;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ChatResponse;
import dev.caravan.chat.Choice;
import dev.caravan.chat.ErrorCode;
import dev.caravan.chat.RawObject;
import dev.caravan.provider.openai.OpenAiForm;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Why a model stopped, in Zhipu's words and in OpenAI's. */
final class FinishReasons {

    private static final Map<String, String> OPEN_AIS =
            Map.of("sensitive", "content_filter", "model_context_window_exceeded", "length");

    private FinishReasons() {}

    /** Whether the inference failed, which Zhipu tells as a reason to stop. */
    static boolean brokeOff(List<Choice> choices) {
        return choices.stream().anyMatch(choice -> "network_error".equals(choice.finishReason()));
    }

    static ChatError networkError() {
        return ChatError.of(ErrorCode.INFERENCE_FAILED, "The provider broke off its answer: network_error.")
                .withCause("stream_broken");
    }

    static ChatResponse inOpenAisWords(ChatResponse response) {
        return areForeign(response.choices()) ? OpenAiForm.response(translated(response.source())) : response;
    }

    static ChatChunk inOpenAisWords(ChatChunk chunk) {
        return areForeign(chunk.choices()) ? OpenAiForm.chunk(translated(chunk.source())) : chunk;
    }

    private static boolean areForeign(List<Choice> choices) {
        return choices.stream()
                .anyMatch(choice -> choice.finishReason() != null && OPEN_AIS.containsKey(choice.finishReason()));
    }

    private static ObjectNode translated(RawObject source) {
        var tree = Objects.requireNonNull(OpenAiForm.tree(source.toBytes()));
        for (var choice : tree.path("choices")) {
            var reason = OpenAiForm.text(choice.path("finish_reason"));
            if (choice instanceof ObjectNode object && OPEN_AIS.containsKey(reason)) {
                object.put("finish_reason", OPEN_AIS.get(reason));
            }
        }
        return tree;
    }
}
