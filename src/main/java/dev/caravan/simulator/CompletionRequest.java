package dev.caravan.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the simulator needs to know of a request.
 *
 * @param form whether it is a chat, or of the older form
 * @param model the model asked for
 * @param questions what is asked: one, or in the older form one or more
 * @param choices how many answers to each are wanted
 * @param echo whether each answer begins with its prompt
 * @param maxTokens how long each may be
 * @param stream whether it is sent piece by piece
 * @param includeUsage whether a stream tells its usage
 * @param answer what it shall say, whatever it is asked; null: what its voice says
 * @param pace the model's own, with what the request says otherwise
 */
record CompletionRequest(
        Form form,
        SimulatedModel model,
        List<Question> questions,
        int choices,
        boolean echo,
        int maxTokens,
        boolean stream,
        boolean includeUsage,
        @Nullable String answer,
        Pace pace)
        implements Reading {

    /** The two forms of completions. */
    enum Form {
        CHAT,
        TEXT
    }

    /**
     * What is to be answered.
     *
     * @param prompt the text of all messages, or the prompt
     * @param lastUserText the text of the last user message, or the prompt; empty if there is none
     */
    record Question(String prompt, String lastUserText) {}

    private static final int LONGEST_DELAY_MS = 3_600_000;
    private static final int FASTEST_TOKENS = 1_000_000;

    static Reading read(Form form, byte[] json, Map<String, SimulatedModel> models) {
        var body = Wire.parse(json);
        if (body == null || !body.isObject()) {
            return Refusal.invalid(null, null, "The body of the request is not a JSON object.");
        }
        var fields = new Fields(body);
        var name = fields.text("model");
        var questions = switch (form) {
            case CHAT -> List.of(question(messages(fields)));
            case TEXT ->
                Texts.of(fields, "prompt").stream()
                        .map(text -> new Question(text, text))
                        .toList();
        };
        var tokens = Math.min(limit(fields, "max_tokens"), limit(fields, "max_completion_tokens"));
        var choices = fields.whole("n", 1, 1, 128);
        var stream = fields.flag("stream");
        var includeUsage = includeUsage(fields);
        var known = models.get(name);
        var model = known == null ? Oracle.named(name) : known;
        var answer = answer(fields);
        var pace = pace(fields, model == null ? Pace.INSTANT : model.pace());
        if (fields.problem() != null) {
            return fields.problem();
        }
        if (model == null) {
            return Refusal.noSuchModel(name);
        }
        var echo = form == Form.TEXT && body.path("echo").asBoolean();
        return model.speaks()
                ? new CompletionRequest(
                        form, model, questions, choices, echo, tokens, stream, includeUsage, answer, pace)
                : Refusal.cannot(model, "chat");
    }

    /** The text of choice {@code index} of the answer to a question. */
    String text(Question question, int index) {
        return answer == null ? model.answer(question, index) : answer;
    }

    private static Question question(JsonNode messages) {
        return new Question(prompt(messages), lastUserText(messages));
    }

    private static JsonNode messages(Fields fields) {
        var messages = fields.value("messages");
        if (messages.isMissingNode()) {
            fields.complain("messages", "missing_required_parameter", "is missing");
        } else if (!messages.isArray()) {
            fields.complain("messages", "invalid_type", "must be an array");
        } else if (messages.isEmpty()) {
            fields.complain("messages", "empty_array", "must hold at least one message");
        }
        for (var i = 0; i < messages.size(); i++) {
            if (!messages.path(i).path("role").isTextual()) {
                fields.complain("messages[" + i + "]", "invalid_type", "must be an object with a role");
            }
        }
        return messages;
    }

    private static int limit(Fields fields, String name) {
        return fields.whole(name, Integer.MAX_VALUE, 1, Integer.MAX_VALUE);
    }

    private static boolean includeUsage(Fields fields) {
        var options = fields.inside("stream_options");
        var includeUsage = options.flag("include_usage");
        fields.adopt(options.problem());
        return includeUsage;
    }

    private static @Nullable String answer(Fields fields) {
        var told = fields.inside("simulate");
        var answer = told.value("answer").isMissingNode() ? null : told.text("answer");
        fields.adopt(told.problem());
        return answer;
    }

    static Pace pace(Fields fields, Pace usual) {
        var told = fields.inside("simulate");
        var status = told.whole("status", usual.status(), 0, 599);
        if (status > 0 && status < 400) {
            told.complain("status", "invalid_value", "must be from 400 to 599");
        }
        var pace = new Pace(
                Duration.ofMillis(
                        told.whole("delay_ms", Math.toIntExact(usual.delay().toMillis()), 0, LONGEST_DELAY_MS)),
                told.number("tokens_per_second", usual.tokensPerSecond(), FASTEST_TOKENS),
                told.number("failure_rate", usual.failureRate(), 1),
                status);
        fields.adopt(told.problem());
        return pace;
    }

    private static String prompt(JsonNode messages) {
        var prompt = new StringBuilder();
        messages.forEach(message -> prompt.append(text(message)));
        return prompt.toString();
    }

    private static String lastUserText(JsonNode messages) {
        for (var i = messages.size() - 1; i >= 0; i--) {
            if (messages.path(i).path("role").asText().equals("user")) {
                return text(messages.path(i));
            }
        }
        return "";
    }

    /** Content is a string, or a list of parts of which those of type text count, or nothing. */
    private static String text(JsonNode message) {
        var content = message.path("content");
        if (!content.isArray()) {
            return content.isTextual() ? content.textValue() : "";
        }
        var text = new StringBuilder();
        content.forEach(part -> text.append(part.path("text").asText("")));
        return text.toString();
    }
}
