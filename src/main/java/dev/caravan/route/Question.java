package dev.caravan.route;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.caravan.chat.ChatRequest;
import dev.caravan.chat.Operation;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * What of a request is looked at to choose a model.
 *
 * @param text what the user says last
 * @param characters of the text of all messages
 * @param messages how many there are
 * @param images how many pictures there are in them
 * @param tools how many tools may be called
 * @param json whether the answer has to be JSON
 * @param answerTokens the longest answer that is wanted, in tokens; 0 if that was not said
 * @param chat whether it is a chat, which a council can answer
 */
public record Question(
        String text,
        int characters,
        int messages,
        int images,
        int tools,
        boolean json,
        long answerTokens,
        boolean chat) {

    private static final JsonFactory JSON = new JsonFactory();

    /** A question without anything around it. */
    static Question of(String query) {
        return new Question(query, query.length(), 1, 0, 0, false, 0, true);
    }

    /** What a chat request asks. */
    static Question of(ChatRequest request) {
        try {
            return new Reader().read(request);
        } catch (IOException e) {
            throw new UncheckedIOException("a request that was read once can be read again", e);
        }
    }

    /** About four characters make a token. */
    long promptTokens() {
        return Math.ceilDiv(characters, 4);
    }

    private static final class Reader {

        private String text = "";
        private int characters;
        private int messages;
        private int images;

        Question read(ChatRequest request) throws IOException {
            var source = request.source();
            var chat = request.operation() == Operation.CHAT;
            if (chat) {
                messages(source.value("messages").orElse("[]"));
            } else {
                prompts(source.value(request.operation().question()).orElse("[]"));
            }
            var format = source.value("response_format").orElse("");
            return new Question(
                    text,
                    characters,
                    messages,
                    images,
                    items(source.value("tools").orElse("[]")),
                    format.contains("json_object") || format.contains("json_schema"),
                    source.value("max_completion_tokens")
                            .or(() -> source.value("max_tokens"))
                            .filter(value -> !value.equals("null"))
                            .map(value -> (long) Double.parseDouble(value))
                            .orElse(0L),
                    chat);
        }

        private static int items(String json) throws IOException {
            try (var parser = JSON.createParser(json)) {
                var items = 0;
                if (parser.nextToken() == JsonToken.START_ARRAY) {
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        parser.skipChildren();
                        items++;
                    }
                }
                return items;
            }
        }

        /** One text, or several, which are asked each by itself; tokens say nothing. */
        private void prompts(String json) throws IOException {
            try (var parser = JSON.createParser(json)) {
                while (parser.nextToken() != null) {
                    if (parser.currentToken() == JsonToken.VALUE_STRING) {
                        text = parser.getText();
                        characters += text.length();
                        messages++;
                    }
                }
            }
        }

        private void messages(String json) throws IOException {
            try (var parser = JSON.createParser(json)) {
                parser.nextToken();
                while (parser.nextToken() == JsonToken.START_OBJECT) {
                    message(parser);
                    messages++;
                }
            }
        }

        private void message(JsonParser parser) throws IOException {
            var role = "";
            var said = "";
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                var name = parser.currentName();
                parser.nextToken();
                switch (name) {
                    case "role" -> role = parser.getText();
                    case "content" -> said = content(parser);
                    default -> parser.skipChildren();
                }
            }
            characters += said.length();
            if (role.equals("user")) {
                text = said;
            }
        }

        private String content(JsonParser parser) throws IOException {
            if (parser.currentToken() != JsonToken.START_ARRAY) {
                return parser.currentToken() == JsonToken.VALUE_STRING ? parser.getText() : "";
            }
            var words = new StringBuilder();
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    var name = parser.currentName();
                    parser.nextToken();
                    if (parser.currentToken() == JsonToken.VALUE_STRING && name.equals("text")) {
                        words.append(words.isEmpty() ? "" : "\n").append(parser.getText());
                    } else if (parser.currentToken() == JsonToken.VALUE_STRING && name.equals("type")) {
                        images += parser.getText().equals("image_url") ? 1 : 0;
                    } else {
                        parser.skipChildren();
                    }
                }
            }
            return words.toString();
        }
    }
}
