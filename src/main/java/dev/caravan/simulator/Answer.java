package dev.caravan.simulator;

import dev.caravan.simulator.CompletionRequest.Form;
import dev.caravan.simulator.Wire.Choice;
import dev.caravan.simulator.Wire.Completion;
import dev.caravan.simulator.Wire.Message;
import dev.caravan.simulator.Wire.TextChoice;
import dev.caravan.simulator.Wire.TextCompletion;
import dev.caravan.simulator.Wire.TokenUsage;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * What one request is answered with, whole or in pieces.
 *
 * @param form whether it answers a chat
 * @param id the completion's id
 * @param created when, in seconds since 1970
 * @param model the model's name
 * @param texts one for each choice
 * @param usage what was counted
 */
record Answer(Form form, String id, long created, String model, List<Text> texts, TokenUsage usage) {

    static final String FINGERPRINT = "fp_simulator";
    static final String SERVICE_TIER = "default";

    /** One choice's text and why it ends. */
    record Text(String content, String finishReason) {

        static Text cut(String full, int maxTokens) {
            var content = Tokens.cut(full, maxTokens);
            return new Text(content, content.length() < full.length() ? "length" : "stop");
        }
    }

    static Answer to(CompletionRequest request) {
        var said = request.questions().stream()
                .flatMap(question -> IntStream.range(0, request.choices())
                        .mapToObj(index -> Text.cut(request.text(question, index), request.maxTokens())))
                .toList();
        var read = request.questions().stream()
                .mapToInt(question -> Tokens.count(question.prompt()))
                .sum();
        var written =
                said.stream().mapToInt(text -> Tokens.count(text.content())).sum();
        return new Answer(
                request.form(),
                (request.form() == Form.CHAT ? "chatcmpl-" : "cmpl-")
                        + UUID.randomUUID().toString().replace("-", ""),
                Instant.now().getEpochSecond(),
                request.model().name(),
                request.echo() ? echoed(request, said) : said,
                new TokenUsage(read, written));
    }

    private static List<Text> echoed(CompletionRequest request, List<Text> said) {
        return IntStream.range(0, said.size())
                .mapToObj(i -> {
                    var prompt = request.questions().get(i / request.choices()).prompt();
                    return new Text(prompt + said.get(i).content(), said.get(i).finishReason());
                })
                .toList();
    }

    /** How many tokens the longest choice has: choices are written side by side. */
    int longest() {
        return texts.stream()
                .mapToInt(text -> Tokens.count(text.content()))
                .max()
                .orElse(0);
    }

    byte[] json() {
        return form == Form.CHAT ? chat() : completion();
    }

    private byte[] completion() {
        var choices = IntStream.range(0, texts.size())
                .mapToObj(index -> new TextChoice(
                        texts.get(index).content(),
                        index,
                        null,
                        texts.get(index).finishReason()))
                .toList();
        return Wire.bytes(new TextCompletion(id, "text_completion", created, model, choices, usage));
    }

    private byte[] chat() {
        var choices = IntStream.range(0, texts.size())
                .mapToObj(index -> {
                    var text = texts.get(index);
                    var message = new Message("assistant", text.content(), null, List.of());
                    return new Choice(index, message, null, text.finishReason());
                })
                .toList();
        return Wire.bytes(
                new Completion(id, "chat.completion", created, model, choices, usage, SERVICE_TIER, FINGERPRINT));
    }
}
