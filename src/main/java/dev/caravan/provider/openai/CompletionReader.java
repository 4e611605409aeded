package dev.caravan.provider.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.caravan.chat.ChatChunk;
import dev.caravan.chat.ChatResponse;
import dev.caravan.chat.Choice;
import dev.caravan.chat.Message;
import dev.caravan.chat.Usage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one chat completion, or one chunk of it. */
final class CompletionReader {

    private String id = "";
    private String model = "";
    private long created;
    private @Nullable Usage usage;
    private boolean failed;
    private final List<Choice> choices = new ArrayList<>(1);

    private CompletionReader() {}

    /** @throws IOException if it is no completion with an answer in it */
    static ChatResponse response(byte[] json) throws IOException {
        var reader = new CompletionReader();
        var source = Json.walk(json, reader::member);
        if (reader.failed || reader.choices.isEmpty()) {
            throw new Json.NotAnObject("it holds no answer");
        }
        return new ChatResponse(reader.id, reader.created, reader.model, reader.choices, reader.usage, source);
    }

    /** @throws IOException if it is no chunk */
    static ChatChunk chunk(byte[] json) throws IOException {
        var reader = new CompletionReader();
        var source = Json.walk(json, reader::member);
        if (reader.failed) {
            throw new Json.NotAnObject("it tells of an error");
        }
        if (!source.has("choices") && reader.usage == null) {
            throw new Json.NotAnObject("it holds neither choices nor usage");
        }
        return new ChatChunk(reader.id, reader.model, reader.choices, reader.usage, source);
    }

    private void member(String name, JsonParser parser) throws IOException {
        switch (name) {
            case "id" -> id = orEmpty(Json.textOrSkip(parser));
            case "model" -> model = orEmpty(Json.textOrSkip(parser));
            case "created" -> created = Json.longOrSkip(parser);
            case "usage" -> usage = usage(parser);
            case "error" -> {
                failed = parser.currentToken() != JsonToken.VALUE_NULL;
                parser.skipChildren();
            }
            case "choices" -> choices(parser);
            default -> parser.skipChildren();
        }
    }

    private void choices(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw new Json.NotAnObject("a choice in it is no object");
            }
            choices.add(choice(parser));
        }
    }

    private static Choice choice(JsonParser parser) throws IOException {
        var index = 0;
        String finishReason = null;
        var message = new Message(null, null, null, List.of());
        String text = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            var name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "index" -> index = (int) Json.longOrSkip(parser);
                case "finish_reason" -> finishReason = Json.textOrSkip(parser);
                case "message", "delta" -> message = message(parser);
                case "text" -> text = Json.textOrSkip(parser);
                default -> parser.skipChildren();
            }
        }
        // the older form has no messages
        var said = text == null || message.content() != null ? message : new Message(null, text, null, List.of());
        return new Choice(index, said, finishReason);
    }

    private static Message message(JsonParser parser) throws IOException {
        String role = null;
        String content = null;
        String refusal = null;
        List<Message.ToolCall> calls = List.of();
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return new Message(null, null, null, calls);
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            var name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "role" -> role = Json.textOrSkip(parser);
                case "content" -> content = Json.textOrSkip(parser);
                case "refusal" -> refusal = Json.textOrSkip(parser);
                case "tool_calls" -> calls = toolCalls(parser);
                default -> parser.skipChildren();
            }
        }
        return new Message(role, content, refusal, calls);
    }

    private static List<Message.ToolCall> toolCalls(JsonParser parser) throws IOException {
        var calls = new ArrayList<Message.ToolCall>();
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return calls;
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw new Json.NotAnObject("a tool call in it is no object");
            }
            var call = new ToolCallReader(calls.size());
            Json.members(parser, call::member);
            calls.add(call.toolCall());
        }
        return calls;
    }

    private static @Nullable Usage usage(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return null;
        }
        var counts = new long[4];
        Json.members(parser, (name, value) -> {
            switch (name) {
                case "prompt_tokens" -> counts[0] = Json.longOrSkip(value);
                case "completion_tokens" -> counts[1] = Json.longOrSkip(value);
                case "prompt_tokens_details" -> counts[2] = detail("cached_tokens", value);
                case "completion_tokens_details" -> counts[3] = detail("reasoning_tokens", value);
                default -> value.skipChildren();
            }
        });
        return new Usage(counts[0], counts[1], counts[2], counts[3]);
    }

    private static long detail(String wanted, JsonParser parser) throws IOException {
        var found = 0L;
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return found;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            var name = parser.currentName();
            parser.nextToken();
            if (name.equals(wanted)) {
                found = Json.longOrSkip(parser);
            } else {
                parser.skipChildren();
            }
        }
        return found;
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    /** One entry of {@code tool_calls}; an upstream that gives no index means its place in the list. */
    private static final class ToolCallReader {

        private int index;
        private @Nullable String id;
        private @Nullable String function;
        private String arguments = "";

        ToolCallReader(int place) {
            index = place;
        }

        void member(String name, JsonParser parser) throws IOException {
            switch (name) {
                case "index" -> index = (int) Json.longOrSkip(parser);
                case "id" -> id = Json.textOrSkip(parser);
                case "function" -> {
                    if (parser.currentToken() == JsonToken.START_OBJECT) {
                        Json.members(parser, this::functionMember);
                    } else {
                        parser.skipChildren();
                    }
                }
                default -> parser.skipChildren();
            }
        }

        private void functionMember(String name, JsonParser parser) throws IOException {
            switch (name) {
                case "name" -> function = Json.textOrSkip(parser);
                case "arguments" -> arguments = orEmpty(Json.textOrSkip(parser));
                default -> parser.skipChildren();
            }
        }

        Message.ToolCall toolCall() {
            return new Message.ToolCall(index, id, function, arguments);
        }
    }
}
