package dev.caravan.cooperation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.caravan.catalog.Council.Task;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ChatRequest;
import dev.caravan.chat.Operation;
import dev.caravan.chat.RawObject;
import dev.caravan.cooperation.Prompts.Prompt;
import dev.caravan.provider.openai.ChatRequestReader;
import dev.caravan.provider.openai.OpenAiForm;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What the members of a council are asked: the caller's own request with another model, and what it takes to work
 * together. Immutable.
 */
final class Questions {

    private static final String MESSAGES = "messages";

    /** What the caller says of the whole, and no member is told. */
    private static final List<String> OF_THE_WHOLE = List.of("cooperation", "n", "provider");

    private final ChatRequest asked;
    private final Prompts.Texts prompts;

    Questions(ChatRequest asked, Prompts.Texts prompts) {
        this.asked = asked;
        this.prompts = prompts;
    }

    /** The caller's own question. */
    ChatRequest plain(String model) {
        return read(edit(model, false).toBytes());
    }

    /** The question, a member's own answer to it, and what the others have answered. */
    ChatRequest revise(String model, String own, List<String> others) {
        var messages = messages();
        messages.addObject().put("role", "assistant").put("content", own);
        return with(model, said(messages, Prompt.REVISE, others), false);
    }

    /** The question, and the work so far. */
    ChatRequest goOn(String model, List<String> work, boolean last, boolean live) {
        if (work.isEmpty()) {
            return read(edit(model, live).toBytes());
        }
        return with(model, said(messages(), last ? Prompt.FINISH : Prompt.CONTINUE, work), live);
    }

    /** The question, and every answer to it, to write one out of them. */
    ChatRequest synthesis(String model, List<String> answers, boolean live) {
        return with(model, said(messages(), Prompt.SYNTHESIS, answers), live);
    }

    /** The question, and every answer to it, to pick one. */
    ChatRequest pick(String model, List<String> answers) {
        return judged(model, said(messages(), Prompt.PICK, answers));
    }

    /** The vectors of texts. */
    ChatRequest embed(String model, List<String> texts) {
        var asked = OpenAiForm.object().put("model", model).put("encoding_format", "float");
        texts.forEach(asked.putArray(Operation.EMBEDDING.question())::add);
        return read(Operation.EMBEDDING, OpenAiForm.bytes(asked));
    }

    /** The question, and an answer to it, to give marks. */
    ChatRequest score(String model, String answer) {
        return judged(model, said(messages(), Prompt.SCORE, List.of(answer)));
    }

    /** A step of a pipeline: its task, and what the step before has made; the first gets the caller's messages. */
    ChatRequest step(String model, Task task, Optional<String> work, boolean live) {
        var messages = OpenAiForm.object().putArray(MESSAGES);
        messages.addObject()
                .put("role", "system")
                .put("content", prompts.task(task.name(), Map.of("question", lastUserText())));
        if (work.isEmpty()) {
            messages.addAll(messages());
        } else {
            messages.addObject().put("role", "user").put("content", work.get());
        }
        var edit = edit(model, live).set(MESSAGES, OpenAiForm.bytes(messages));
        task.params().forEach(edit::set);
        return read(edit.toBytes());
    }

    /** What is wrong with the parameters of a task, whose request could not be made. */
    Optional<ChatError> objection(Task task) {
        var edit = edit(asked.model(), false);
        task.params().forEach(edit::set);
        return ChatRequestReader.read(edit.toBytes()) instanceof ChatRequestReader.Invalid(var error)
                ? Optional.of(error)
                : Optional.empty();
    }

    private String lastUserText() {
        var messages = messages();
        for (var i = messages.size() - 1; i >= 0; i--) {
            if (messages.path(i).path("role").asText().equals("user")) {
                var content = messages.path(i).path("content");
                return content.isTextual()
                        ? content.textValue()
                        : IntStream.range(0, content.size())
                                .mapToObj(
                                        part -> content.path(part).path("text").asText(""))
                                .collect(Collectors.joining());
            }
        }
        return "";
    }

    /** A judge's answer has a form of its own: what the caller says of the form of answers is not said to it. */
    private static ChatRequest judged(String model, ArrayNode messages) {
        var judged = OpenAiForm.object().put("model", model);
        judged.set(MESSAGES, messages);
        return read(OpenAiForm.bytes(judged));
    }

    private ChatRequest with(String model, ArrayNode messages, boolean live) {
        return read(edit(model, live).set(MESSAGES, OpenAiForm.bytes(messages)).toBytes());
    }

    private RawObject.Edit edit(String model, boolean live) {
        var edit = asked.source().edit().set("model", OpenAiForm.bytes(TextNode.valueOf(model)));
        OF_THE_WHOLE.forEach(edit::remove);
        return live ? edit : edit.remove("stream").remove("stream_options");
    }

    private ArrayNode messages() {
        ObjectNode tree = OpenAiForm.tree(asked);
        return (ArrayNode) tree.path(MESSAGES);
    }

    private ArrayNode said(ArrayNode messages, Prompt prompt, List<String> answers) {
        var blanks = Map.of("answers", quoted(answers), "count", String.valueOf(answers.size()));
        messages.addObject().put("role", "user").put("content", prompts.of(prompt, blanks));
        return messages;
    }

    private static ChatRequest read(byte[] json) {
        return read(Operation.CHAT, json);
    }

    private static ChatRequest read(Operation operation, byte[] json) {
        return switch (ChatRequestReader.read(operation, json)) {
            case ChatRequestReader.Valid(var request) -> request;
            case ChatRequestReader.Invalid(var error) -> throw new IllegalStateException(error.message());
        };
    }

    /** Answers of models, so that who reads them sees where one ends. */
    private static String quoted(List<String> answers) {
        return IntStream.range(0, answers.size())
                .mapToObj(i -> "<answer number=\"" + (i + 1) + "\">\n" + answers.get(i) + "\n</answer>")
                .collect(Collectors.joining("\n\n"));
    }
}
