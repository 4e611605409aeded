package dev.caravan.provider.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.chat.ChatChunk;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes the chunks of one stream, for the codecs of other dialects: each has the same id and time, the first of each
 * choice has the role. Used by one thread.
 */
public final class ChunkForm {

    private final long created = System.currentTimeMillis() / 1000;
    private final Set<Integer> begun = new HashSet<>();
    private String id = "";
    private String model = "";

    /** Whose stream it is, as soon as the provider says so; an empty id is made up. Nothing changes after the first chunk. */
    public void of(String givenId, String givenModel) {
        if (begun.isEmpty()) {
            id = givenId;
            model = givenModel;
        }
    }

    /** The next piece of a choice. */
    public ChatChunk delta(int choice, ObjectNode delta, @Nullable String finishReason) {
        return delta(choice, delta, finishReason, null);
    }

    /** The next piece of a choice, with what is known of its tokens. */
    public ChatChunk delta(int choice, ObjectNode delta, @Nullable String finishReason, @Nullable ObjectNode logprobs) {
        var message = OpenAiForm.object();
        if (begun.add(choice)) {
            message.put("role", "assistant");
        }
        message.setAll(delta);
        var chunk = chunk();
        var entry = chunk.putArray("choices").addObject().put("index", choice);
        entry.set("delta", message);
        if (logprobs != null) {
            entry.set("logprobs", logprobs);
        }
        entry.put("finish_reason", finishReason);
        return OpenAiForm.chunk(chunk);
    }

    /** The next piece of the answer itself. */
    public ChatChunk content(int choice, String text) {
        return delta(choice, OpenAiForm.object().put("content", text), null);
    }

    /** The next piece of what the model thinks. */
    public ChatChunk reasoning(int choice, String text) {
        return delta(choice, OpenAiForm.object().put("reasoning_content", text), null);
    }

    /** A tool call, or its beginning: its id and name, and the arguments as far as they are known. */
    public ChatChunk toolCall(int choice, int index, String callId, String name, String arguments) {
        var delta = OpenAiForm.object();
        var call = delta.putArray("tool_calls").addObject().put("index", index);
        call.setAll(OpenAiForm.toolCall(callId, name, arguments));
        return delta(choice, delta, null);
    }

    /** The next piece of a tool call's arguments. */
    public ChatChunk arguments(int choice, int index, String piece) {
        var delta = OpenAiForm.object();
        var call = delta.putArray("tool_calls").addObject().put("index", index);
        call.putObject("function").put("arguments", piece);
        return delta(choice, delta, null);
    }

    /** The choice has ended. */
    public ChatChunk finish(int choice, String reason) {
        return delta(choice, OpenAiForm.object(), reason);
    }

    /** What the stream has used, in a chunk of its own. */
    public ChatChunk usage(ObjectNode usage) {
        var chunk = chunk();
        chunk.putArray("choices");
        chunk.set("usage", usage);
        return OpenAiForm.chunk(chunk);
    }

    private ObjectNode chunk() {
        if (id.isEmpty()) {
            id = CompletionWriter.freshId();
        }
        return OpenAiForm.object()
                .put("id", id)
                .put("object", "chat.completion.chunk")
                .put("created", created)
                .put("model", model);
    }
}
