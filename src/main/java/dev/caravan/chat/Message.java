package dev.caravan.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One turn of a conversation, or a piece of one in a {@link ChatChunk}.
 *
 * @param role who speaks; null in a chunk that only continues
 * @param content the text; null where there is none, as beside tool calls
 * @param refusal why the model would not answer
 * @param toolCalls the functions the model wants called
 */
public record Message(
        @Nullable String role,
        @Nullable String content,
        @Nullable String refusal,
        List<ToolCall> toolCalls) {

    /**
     * A function call that the model asks for, or a piece of one.
     *
     * @param index its place among the calls of a stream
     * @param id what the tool's result refers to; in a stream it stands in the first piece only
     * @param name the function's name; in a stream it stands in the first piece only
     * @param arguments JSON text, or the next piece of it
     */
    public record ToolCall(
            int index, @Nullable String id, @Nullable String name, String arguments) {}

    public Message {
        toolCalls = List.copyOf(toolCalls);
    }
}
