package dev.caravan.provider.zhipu;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.chat.ChatRequest;
import dev.caravan.chat.RawObject;
import dev.caravan.provider.EncodedCall.Unsupported;
import dev.caravan.provider.openai.ChatRequestReader;
import dev.caravan.provider.openai.OpenAiForm;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes a request where Zhipu documents something otherwise than OpenAI; all else goes as it came. Used by one thread.
 */
final class ZhipuRequest {

    /** Fields of OpenAI's that are not among Zhipu's, and whose loss changes how an answer is drawn, not what it is. */
    private static final List<String> UNKNOWN = List.of(
            "frequency_penalty", "presence_penalty", "logit_bias", "logprobs", "top_logprobs", "parallel_tool_calls");

    private final ChatRequest request;
    private final ObjectNode tree;
    private final RawObject.Edit edit;
    private final List<Unsupported> unsupported = new ArrayList<>();
    private boolean changed;

    ZhipuRequest(ChatRequest request) {
        this.request = request;
        tree = OpenAiForm.tree(request);
        edit = request.source().edit();
        messages();
        limits();
        tools();
        form();
        effort();
        unknown();
    }

    /** What Zhipu cannot say. */
    List<Unsupported> unsupported() {
        return unsupported;
    }

    /** The request as Zhipu understands it. */
    ChatRequest changed() {
        if (!changed) {
            return request;
        }
        return switch (ChatRequestReader.read(edit.toBytes())) {
            case ChatRequestReader.Valid(var valid) -> valid;
            case ChatRequestReader.Invalid(var error) -> throw new IllegalStateException(error.message());
        };
    }

    /** Zhipu knows no developers: what they say, the system says. Words alone it documents as one text, not as parts. */
    private void messages() {
        var messages = tree.path("messages");
        var before = messages.deepCopy();
        for (var message : messages) {
            if (OpenAiForm.text(message.path("role")).equals("developer")) {
                ((ObjectNode) message).put("role", "system");
            }
            if (message.path("content") instanceof ArrayNode parts && areWords(parts)) {
                ((ObjectNode) message).put("content", text(parts));
            }
        }
        if (!messages.equals(before)) {
            set("messages", messages);
        }
    }

    private static boolean areWords(ArrayNode parts) {
        for (var part : parts) {
            if (!OpenAiForm.text(part.path("type")).equals("text")) {
                return false;
            }
        }
        return true;
    }

    private static String text(ArrayNode parts) {
        var lines = new ArrayList<String>();
        parts.forEach(part -> lines.add(OpenAiForm.text(part.path("text"))));
        return String.join("\n", lines);
    }

    private void limits() {
        var most = value("max_completion_tokens");
        if (most != null) {
            set("max_tokens", most);
            remove("max_completion_tokens");
        }
        var stop = value("stop");
        if (stop != null && stop.isTextual()) {
            set("stop", tree.arrayNode().add(stop));
        }
        if (tree.has("n")) {
            remove("n");
        }
    }

    private void tools() {
        var choice = value("tool_choice");
        if (choice == null || OpenAiForm.text(choice).equals("auto")) {
            return;
        }
        remove("tool_choice");
        if (OpenAiForm.text(choice).equals("none")) {
            remove("tools");
        } else {
            cannot("tool_choice", "Zhipu's models cannot be made to call a tool: they decide.", true);
        }
    }

    private void form() {
        if (OpenAiForm.text(tree.at("/response_format/type")).equals("json_schema")) {
            set("response_format", OpenAiForm.object().put("type", "json_object"));
            cannot("response_format", "Zhipu's API has a JSON mode, but holds no answer to a schema.", true);
        }
    }

    /** Zhipu's models are told whether to think; how much, only some can be told. */
    private void effort() {
        var effort = value("reasoning_effort");
        if (effort == null) {
            return;
        }
        var thinks = !OpenAiForm.text(effort).equals("none");
        if (!thinks) {
            remove("reasoning_effort");
        }
        if (value("thinking") == null) {
            set("thinking", OpenAiForm.object().put("type", thinks ? "enabled" : "disabled"));
        }
    }

    private void unknown() {
        for (var name : UNKNOWN) {
            var value = value(name);
            if (value != null) {
                remove(name);
                if (!value.equals(BooleanNode.valueOf(name.equals("parallel_tool_calls")))) { // what it does anyway
                    cannot(name, "Zhipu's API has no '" + name + "'.", false);
                }
            }
        }
        if (value("user") != null) {
            remove("user");
            cannot("user", "Zhipu's API has no 'user', but a 'user_id' of 6 to 128 characters.", false);
        }
    }

    private @Nullable JsonNode value(String name) {
        var value = tree.get(name);
        return value == null || value.isNull() ? null : value;
    }

    private void set(String name, JsonNode value) {
        edit.set(name, OpenAiForm.bytes(value));
        changed = true;
    }

    private void remove(String name) {
        edit.remove(name);
        changed = true;
    }

    private void cannot(String field, String why, boolean essential) {
        unsupported.add(new Unsupported(field, why, essential));
    }
}
