package dev.caravan.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.provider.openai.Asked;
import dev.caravan.provider.openai.OpenAiForm;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Makes turns of messages: user and assistant take turns, what one of them says in several messages is one turn, and
 * the results of tools stand first in the user's. System and developer messages are the system prompt, wherever they
 * stand: there each keeps its authority, while in the place of a user's message it would only keep its place. (Newer
 * models take a system message between turns, older ones refuse it.)
 *
 * @see <a href="https://platform.claude.com/docs/en/api/messages">the fields</a>
 */
final class Turns {

    private static final Set<String> THINKING = Set.of("thinking", "redacted_thinking");

    private final Asked asked;
    private final Blocks blocks;
    private final List<ObjectNode> system = new ArrayList<>();
    private final List<Turn> turns = new ArrayList<>();

    /** What one side says, tool results apart. */
    private record Turn(String role, List<ObjectNode> results, List<ObjectNode> said) {}

    Turns(Asked asked) {
        this.asked = asked;
        blocks = new Blocks(asked);
        var messages = asked.take("messages");
        for (var i = 0; i < messages.size(); i++) {
            message(messages.get(i), "messages[" + i + "]");
        }
        if (turns.isEmpty()) {
            add("user", List.of(), List.copyOf(system)); // the API wants a turn, and nobody else speaks
            system.clear();
        }
    }

    /** Adds {@code system}, if there is any, and {@code messages}. */
    void writeTo(ObjectNode body) {
        if (!system.isEmpty()) {
            body.putArray("system").addAll(system);
        }
        var messages = body.putArray("messages");
        for (var turn : turns) {
            messages.addObject()
                    .put("role", turn.role())
                    .putArray("content")
                    .addAll(turn.results())
                    .addAll(turn.said());
        }
    }

    /** One more sentence of the system prompt. */
    void instruct(String sentence) {
        system.add(Blocks.text(sentence));
    }

    private void message(JsonNode message, String field) {
        var content = message.path("content");
        var role = message.path("role").asText();
        if (message.path("name").isTextual() && !role.equals("tool")) {
            asked.leaveOut(field + ".name", "Anthropic's API has no names of speakers.");
        }
        switch (role) {
            case "system", "developer" -> {
                if (!turns.isEmpty()) {
                    asked.leaveOut(
                            field + ".role",
                            "Anthropic's system prompt stands before all turns, and there this message goes.");
                }
                system.addAll(said(message, content, field));
            }
            case "user" -> add("user", List.of(), said(message, content, field));
            case "assistant" -> add("assistant", List.of(), assistant(message, field));
            case "tool" -> add("user", List.of(result(message, field)), List.of());
            default ->
                asked.cannot(field, "Anthropic's API has no messages of the role '" + role + "'; give tool calls.");
        }
    }

    private List<ObjectNode> said(JsonNode message, JsonNode content, String field) {
        var said = blocks.of(content, field + ".content");
        if (!said.isEmpty()) {
            Blocks.cacheControl(message, said.getLast());
        }
        return said;
    }

    private List<ObjectNode> assistant(JsonNode message, String field) {
        var all = new ArrayList<ObjectNode>();
        for (var block : message.path("thinking_blocks")) {
            if (block instanceof ObjectNode known
                    && THINKING.contains(block.path("type").asText())) {
                all.add(known.deepCopy());
            }
        }
        all.addAll(said(message, message.path("content"), field));
        if (message.path("refusal").isTextual()
                && !message.path("refusal").asText().isEmpty()) {
            all.add(Blocks.text(message.path("refusal").asText()));
        }
        var calls = message.path("tool_calls");
        for (var i = 0; i < calls.size(); i++) {
            toolUse(calls.get(i), field + ".tool_calls[" + i + "]", all);
        }
        return all;
    }

    private void toolUse(JsonNode call, String field, List<ObjectNode> all) {
        if (!call.path("function").isObject()) {
            asked.cannot(field, "Anthropic's API knows calls of functions only.");
            return;
        }
        var arguments = call.at("/function/arguments").asText();
        var input = arguments.isBlank() ? OpenAiForm.object() : OpenAiForm.tree(arguments);
        if (input == null) {
            asked.leaveOut(
                    field + ".function.arguments",
                    "Anthropic's API wants a JSON object: the text stands in one, as 'arguments'.");
            input = OpenAiForm.object().put("arguments", arguments);
        }
        var block = OpenAiForm.object()
                .put("type", "tool_use")
                .put("id", call.path("id").asText())
                .put("name", call.at("/function/name").asText());
        block.set("input", input);
        Blocks.cacheControl(call, block);
        all.add(block);
    }

    private ObjectNode result(JsonNode message, String field) {
        var result = OpenAiForm.object()
                .put("type", "tool_result")
                .put("tool_use_id", message.path("tool_call_id").asText());
        var content = message.path("content");
        if (content.isTextual()) {
            result.set("content", content);
        } else {
            result.putArray("content").addAll(blocks.of(content, field + ".content"));
        }
        if (message.path("is_error").isBoolean()) {
            result.set("is_error", message.path("is_error"));
        }
        Blocks.cacheControl(message, result);
        return result;
    }

    private void add(String role, List<ObjectNode> results, List<ObjectNode> said) {
        if (results.isEmpty() && said.isEmpty()) {
            return;
        }
        if (turns.isEmpty() || !turns.getLast().role().equals(role)) {
            turns.add(new Turn(role, new ArrayList<>(), new ArrayList<>()));
        }
        turns.getLast().results().addAll(results);
        turns.getLast().said().addAll(said);
    }
}
