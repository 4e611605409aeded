package dev.caravan.provider.openai;

import static java.util.Map.entry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.chat.ChatRequest;
import dev.caravan.chat.Extensions;
import dev.caravan.provider.EncodedCall.Unsupported;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A request that the codec of another dialect takes apart, field by field. What it takes it says in that dialect; what
 * nobody took is told as left out, unless it says what goes without saying. Used by one thread.
 */
public final class Asked {

    /** Said in another place than the body, or by whoever calls the codec ({@code n}). */
    private static final Set<String> SAID = Set.of("model", "stream", "stream_options", "n");

    /** What changes the question, and not only how an answer to it is drawn or kept. */
    private static final Set<String> ESSENTIAL =
            Set.of("functions", "function_call", "audio", "modalities", "web_search_options");

    /** What OpenAI does when the field is not there. */
    private static final Map<String, Set<String>> DEFAULTS = Map.ofEntries(
            entry("frequency_penalty", Set.of("0", "0.0", "-0.0")),
            entry("presence_penalty", Set.of("0", "0.0", "-0.0")),
            entry("logprobs", Set.of("false")),
            entry("top_logprobs", Set.of("0")),
            entry("logit_bias", Set.of("{}")),
            entry("store", Set.of("false")),
            entry("metadata", Set.of("{}")),
            entry("modalities", Set.of("[\"text\"]")),
            entry("response_format", Set.of("{\"type\":\"text\"}")),
            entry("service_tier", Set.of("\"auto\"", "\"default\"")),
            entry("parallel_tool_calls", Set.of("true")),
            entry("tools", Set.of("[]")),
            entry("tool_choice", Set.of("\"auto\"", "\"none\"")));

    private final ObjectNode fields;
    private final String api;
    private final List<Unsupported> leftOut = new ArrayList<>();

    /** @param api whose it is, such as "Anthropic's API", for the sentences about what it has not */
    public Asked(ChatRequest request, String api) {
        this.api = api;
        fields = OpenAiForm.tree(request);
        Extensions.NAMES.forEach(fields::remove);
        SAID.forEach(fields::remove);
    }

    /** A field's value, which from now on counts as said; missing where the request has none, or null. */
    public JsonNode take(String field) {
        var value = fields.remove(field);
        return value == null || value.isNull() ? MissingNode.getInstance() : value;
    }

    /** Takes a field and puts it where it has the same name and meaning. */
    public void pass(String field, ObjectNode into) {
        var value = take(field);
        if (!value.isMissingNode()) {
            into.set(field, value);
        }
    }

    /** Whose dialect it is, for sentences. */
    public String api() {
        return api;
    }

    /** The call is without this, and the answer will only be drawn in another way for it. */
    public void leaveOut(String field, String why) {
        leftOut.add(new Unsupported(field, why, false));
    }

    /** The call is without this, and the answer would be to another question. */
    public void cannot(String field, String why) {
        leftOut.add(new Unsupported(field, why, true));
    }

    /** What the call is without: what was told above, and each field that nobody took. */
    public List<Unsupported> leftOut() {
        var all = new ArrayList<>(leftOut);
        for (var field : fields.properties()) {
            var name = field.getKey();
            var value = field.getValue();
            if (!value.isNull() && !DEFAULTS.getOrDefault(name, Set.of()).contains(value.toString())) {
                all.add(new Unsupported(name, api + " has no '" + name + "'.", ESSENTIAL.contains(name)));
            }
        }
        return all;
    }
}
