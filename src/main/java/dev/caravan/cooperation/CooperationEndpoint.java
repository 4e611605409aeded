package dev.caravan.cooperation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.caravan.catalog.Council.Mode;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.RawObject;
import dev.caravan.provider.openai.OpenAiForm;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * {@code POST /v1/cooperation/{mode}}: a chat request in which what is said of the cooperation stands beside the rest, and
 * {@code query} may stand for {@code messages}. No state.
 */
public final class CooperationEndpoint {

    /** What came of reading a body. */
    public sealed interface Form {

        /** @param body the same as a body of {@code /v1/chat/completions} */
        record Chat(byte[] body) implements Form {}

        record Wrong(ChatError error) implements Form {}
    }

    private static final String PATH = "/v1/cooperation/";
    private static final String COOPERATION = "cooperation";
    private static final List<String> FIELDS = List.of(
            "mode",
            "models",
            "strategy",
            "integration_strategy",
            "steps",
            "pipeline_config",
            "judge",
            "quorum",
            "deadline",
            "rounds",
            "max_cost",
            "concurrency",
            "compare",
            "embeddings",
            "check",
            "answers");

    private CooperationEndpoint() {}

    /** The paths of these endpoints. */
    public static List<String> paths() {
        return Arrays.stream(Mode.values()).map(mode -> PATH + mode.text()).toList();
    }

    /** Whether a path is one of these endpoints'. */
    public static boolean isAt(String path) {
        return path.startsWith(PATH);
    }

    /**
     * Reads a body.
     *
     * @param path one that {@link #isAt} accepts
     */
    public static Form read(String path, byte[] body) {
        var name = path.substring(PATH.length());
        var mode = Arrays.stream(Mode.values())
                .filter(each -> each.text().equals(name))
                .findFirst();
        if (mode.isEmpty()) {
            return new Form.Wrong(ChatError.invalid(
                    "mode",
                    "Invalid value for 'mode': there is no " + PATH + "…, expected one of "
                            + Arrays.stream(Mode.values()).map(Mode::text).collect(Collectors.joining(", ")) + "."));
        }
        var read = OpenAiForm.raw(body);
        // what is no JSON object is told of as everywhere
        return read.isEmpty() ? new Form.Chat(body) : chat(mode.get(), read.get());
    }

    private static Form chat(Mode mode, RawObject body) {
        var said = new LinkedHashMap<String, String>();
        said.put("mode", '"' + mode.text() + '"');
        var nested = body.value(COOPERATION).flatMap(text -> OpenAiForm.raw(text.getBytes(UTF_8)));
        if (body.has(COOPERATION) && nested.isEmpty()) {
            return wrong(COOPERATION, "expected an object");
        }
        var edit = body.edit();
        for (var field : FIELDS) {
            var here = body.value(field);
            var there = nested.flatMap(inner -> inner.value(field));
            if (here.isPresent() && there.isPresent()) {
                return wrong(field, "it stands here and in 'cooperation'");
            }
            var value = here.or(() -> there);
            if (field.equals("mode") && value.isPresent() && !value.get().equals('"' + mode.text() + '"')) {
                return wrong(field, "the path says '" + mode.text() + "'");
            }
            value.ifPresent(json -> said.put(field, json));
            edit.remove(field);
        }
        var unknown = nested.flatMap(inner ->
                inner.names().stream().filter(each -> !FIELDS.contains(each)).findFirst());
        if (unknown.isPresent()) {
            return wrong(COOPERATION, "there is no field '" + unknown.get() + "' in it");
        }
        var question = question(body, edit);
        if (question.isPresent()) {
            return new Form.Wrong(question.get());
        }
        if (!body.has("model")) {
            edit.set("model", "\"cooperation/" + mode.text() + '"');
        }
        return new Form.Chat(edit.set(COOPERATION, object(said)).toBytes());
    }

    /** Puts {@code query} in the place of {@code messages}; gives what is wrong with it. */
    private static Optional<ChatError> question(RawObject body, RawObject.Edit edit) {
        var query = body.value("query");
        if (query.isEmpty()) {
            return body.has("messages")
                    ? Optional.empty()
                    : Optional.of(ChatError.invalid("query", "Missing field 'query': a text, or 'messages' instead."));
        }
        if (body.has("messages")) {
            return Optional.of(invalid("query", "either 'query' or 'messages', not both"));
        }
        if (!query.get().startsWith("\"") || query.get().equals("\"\"")) {
            return Optional.of(invalid("query", "expected a text that is not empty"));
        }
        edit.remove("query").set("messages", "[{\"role\":\"user\",\"content\":" + query.get() + "}]");
        return Optional.empty();
    }

    private static String object(Map<String, String> members) {
        return members.entrySet().stream()
                .map(member -> '"' + member.getKey() + "\":" + member.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static Form wrong(String field, String why) {
        return new Form.Wrong(invalid(field, why));
    }

    private static ChatError invalid(String field, String why) {
        return ChatError.invalid(field, "Invalid value for '" + field + "': " + why + ".");
    }
}
