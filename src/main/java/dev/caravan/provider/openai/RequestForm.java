package dev.caravan.provider.openai;

import static java.util.Map.entry;

import com.fasterxml.jackson.core.JsonParser;
import dev.caravan.chat.Operation;
import dev.caravan.chat.RawObject;
import java.io.IOException;
import java.util.Map;

/**
 * What the body of a request holds, by what is asked: the fields that are checked, and the question itself.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/chat/create">chat</a>
 * @see <a href="https://platform.openai.com/docs/api-reference/completions/create">completions</a>
 * @see <a href="https://platform.openai.com/docs/api-reference/embeddings/create">embeddings</a>
 */
enum RequestForm {
    CHAT(
            Operation.CHAT,
            MessageRules::check,
            "give at least one message with a role and content.",
            Map.ofEntries(
                    entry("temperature", FieldRule.number(0, 2)),
                    entry("top_p", FieldRule.number(0, 1)),
                    entry("frequency_penalty", FieldRule.number(-2, 2)),
                    entry("presence_penalty", FieldRule.number(-2, 2)),
                    entry("max_tokens", FieldRule.integer(1, Long.MAX_VALUE)),
                    entry("max_completion_tokens", FieldRule.integer(1, Long.MAX_VALUE)),
                    entry("n", FieldRule.integer(1, 128)),
                    entry("seed", FieldRule.integer(Long.MIN_VALUE, Long.MAX_VALUE)),
                    entry("logprobs", FieldRule.bool()),
                    entry("top_logprobs", FieldRule.integer(0, 20)),
                    entry("parallel_tool_calls", FieldRule.bool()),
                    entry("stop", FieldRule.strings()),
                    entry("user", FieldRule.string()),
                    entry("logit_bias", FieldRule.object()),
                    entry("response_format", FieldRule.object()),
                    entry("metadata", FieldRule.object()),
                    entry("cooperation", FieldRule.object()),
                    entry("tools", FieldRule.array()))),
    COMPLETION(
            Operation.COMPLETION,
            parser -> TextRules.check("prompt", parser),
            "give a text, tokens, or a list of either.",
            Map.ofEntries(
                    entry("best_of", FieldRule.integer(1, 20)),
                    entry("echo", FieldRule.bool()),
                    entry("frequency_penalty", FieldRule.number(-2, 2)),
                    entry("presence_penalty", FieldRule.number(-2, 2)),
                    entry("logit_bias", FieldRule.object()),
                    entry("logprobs", FieldRule.integer(0, 20)),
                    entry("max_tokens", FieldRule.integer(0, Long.MAX_VALUE)),
                    entry("n", FieldRule.integer(1, 128)),
                    entry("seed", FieldRule.integer(Long.MIN_VALUE, Long.MAX_VALUE)),
                    entry("stop", FieldRule.strings()),
                    entry("suffix", FieldRule.string()),
                    entry("temperature", FieldRule.number(0, 2)),
                    entry("top_p", FieldRule.number(0, 1)),
                    entry("user", FieldRule.string()))) {

        @Override
        void check(RawObject source) throws WrongField {
            var best = whole(source, "best_of");
            var wanted = whole(source, "n");
            if (source.value("best_of").filter(value -> !value.equals("null")).isPresent() && best < wanted) {
                throw new WrongField(
                        "best_of",
                        "Invalid value for 'best_of': expected at least 'n', which is " + wanted + ", but got " + best
                                + ".");
            }
        }

        private long whole(RawObject source, String field) {
            return source.value(field)
                    .filter(value -> !value.equals("null"))
                    .map(Long::parseLong)
                    .orElse(1L);
        }
    },
    EMBEDDING(
            Operation.EMBEDDING,
            parser -> TextRules.check("input", parser),
            "give a text, tokens, or a list of either.",
            Map.of(
                    "dimensions", FieldRule.integer(1, 1_000_000),
                    "encoding_format", FieldRule.oneOf("float", "base64"),
                    "user", FieldRule.string()));

    /** Checks the question: called with the parser on its first token, leaves it on its last. */
    interface QuestionRule {
        void check(JsonParser parser) throws IOException;
    }

    private final Operation operation;
    private final QuestionRule question;
    private final String whatIsRight;
    private final Map<String, FieldRule> rules;

    RequestForm(Operation operation, QuestionRule question, String whatIsRight, Map<String, FieldRule> rules) {
        this.operation = operation;
        this.question = question;
        this.whatIsRight = whatIsRight;
        this.rules = rules;
    }

    static RequestForm of(Operation operation) {
        return switch (operation) {
            case CHAT -> CHAT;
            case COMPLETION -> COMPLETION;
            case EMBEDDING -> EMBEDDING;
        };
    }

    Operation operation() {
        return operation;
    }

    QuestionRule question() {
        return question;
    }

    /** Ends the sentence that the question is missing. */
    String whatIsRight() {
        return whatIsRight;
    }

    Map<String, FieldRule> rules() {
        return rules;
    }

    /** Checks what no field shows by itself. */
    void check(RawObject source) throws WrongField {}
}
