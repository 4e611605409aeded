package dev.caravan.service;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.caravan.chat.ChatRequest;
import dev.caravan.chat.RawObject;
import dev.caravan.provider.openai.ChatRequestReader;
import dev.caravan.provider.openai.ChatRequestReader.Reading;
import dev.caravan.provider.openai.OpenAiForm;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What models are asked for an order. Immutable. */
final class Wording {

    private final Order order;
    private final ServiceSpec spec;
    private final ServiceSpec.Result result;
    private final Map<String, String> blanks;
    private final boolean bySchema;

    /** @param bySchema whether who is asked can be held to a JSON Schema; else the form is asked for in words */
    Wording(Order order, boolean bySchema) {
        this.order = order;
        this.spec = order.spec();
        this.result = spec.result(order.values());
        this.bySchema = bySchema;
        var values = new LinkedHashMap<String, String>();
        order.values().forEach((name, value) -> values.put(name, PromptText.said(value)));
        var task = PromptText.filled(result.task(), values);
        if (!task.isEmpty()) {
            values.put("task", task);
        }
        this.blanks = Map.copyOf(values);
    }

    ResultSchema schema() {
        return result.schema();
    }

    /** The service's question about what its caller has sent, who may have said something wrong beside it. */
    Reading reading() {
        return read(asked(ask(order.content()), bySchema));
    }

    /** The service's question about a content. */
    ChatRequest question(String content) {
        return required(read(asked(ask(content), bySchema)));
    }

    /** What a model is told before the content comes. */
    String prompt() {
        var prompt = PromptText.filled(spec.prompt(), blanks);
        return bySchema ? prompt : prompt + "\n\n" + PromptText.filled(spec.instruction(), schemaWith(Map.of()));
    }

    /** What is asked of one part of a content. */
    ChatRequest part(int number, int count, String content) {
        return required(read(asked(messages(partPrompt(number, count), content), false)));
    }

    /** What a model is told before a part comes. */
    String partPrompt(int number, int count) {
        return PromptText.filled(
                spec.longDocuments().prompt(),
                with(blanks, Map.of("part", String.valueOf(number), "parts", String.valueOf(count))));
    }

    /** The question again, with the answer to it and what is wrong with that. */
    ChatRequest repair(String content, String answer, List<String> problems) {
        var messages = ask(content);
        messages.addObject().put("role", "assistant").put("content", answer);
        messages.addObject()
                .put("role", "user")
                .put(
                        "content",
                        PromptText.filled(
                                spec.repair(), schemaWith(Map.of("problems", String.join("; ", problems) + "."))));
        return required(read(asked(messages, bySchema)));
    }

    private ArrayNode ask(String content) {
        return messages(prompt(), content);
    }

    private static ArrayNode messages(String prompt, String content) {
        var messages = OpenAiForm.object().putArray("messages");
        messages.addObject().put("role", "system").put("content", prompt);
        messages.addObject().put("role", "user").put("content", content);
        return messages;
    }

    private RawObject.Edit asked(ArrayNode messages, boolean withSchema) {
        var edit = order.rest().edit().set("messages", OpenAiForm.bytes(messages));
        if (withSchema) {
            var format = OpenAiForm.object().put("type", "json_schema");
            format.putObject("json_schema")
                    .put("name", spec.name())
                    .put("strict", result.schema().isStrict())
                    .set("schema", result.schema().json());
            edit.set("response_format", OpenAiForm.bytes(format));
        }
        return edit;
    }

    private Map<String, String> schemaWith(Map<String, String> more) {
        return with(with(blanks, Map.of("schema", result.schema().json().toString())), more);
    }

    private static Map<String, String> with(Map<String, String> values, Map<String, String> more) {
        var all = new LinkedHashMap<>(values);
        all.putAll(more);
        return all;
    }

    private static Reading read(RawObject.Edit edit) {
        return ChatRequestReader.read(edit.toBytes());
    }

    /** The whole question was read before, and this differs from it in its messages only. */
    private static ChatRequest required(Reading reading) {
        return switch (reading) {
            case ChatRequestReader.Valid(var request) -> request;
            case ChatRequestReader.Invalid(var error) -> throw new IllegalStateException(error.message());
        };
    }
}
