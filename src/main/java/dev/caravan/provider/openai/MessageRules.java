package dev.caravan.provider.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Set;

/** What the {@code messages} of a request must hold. */
final class MessageRules {

    private static final Set<String> ROLES = Set.of("system", "developer", "user", "assistant", "tool", "function");
    private static final String ROLE_NAMES = "one of 'system', 'developer', 'user', 'assistant', 'tool', 'function'";

    private MessageRules() {}

    /** Called with the parser on the list's first token, leaves it on its last. */
    static void check(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw WrongField.expecting("messages", "a list of messages", parser);
        }
        var index = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            message(index, parser);
            index++;
        }
        if (index == 0) {
            throw new WrongField(
                    "messages", "Invalid value for 'messages': expected at least one message, but the list is empty.");
        }
    }

    private static void message(int index, JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw WrongField.expecting("messages[" + index + "]", "an object with 'role' and 'content'", parser);
        }
        String role = null;
        var content = false;
        var calls = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            var name = parser.currentName();
            var token = parser.nextToken();
            switch (name) {
                case "role" -> role = role(index, parser);
                case "content" -> content = content(index, parser);
                case "tool_calls", "function_call", "refusal", "audio" -> {
                    calls |= token != JsonToken.VALUE_NULL;
                    parser.skipChildren();
                }
                default -> parser.skipChildren();
            }
        }
        if (role == null) {
            throw missing(index, "role", "expected " + ROLE_NAMES);
        }
        if (!content && !(role.equals("assistant") && calls)) {
            throw missing(index, "content", "a message of the role '" + role + "' needs it");
        }
    }

    private static String role(int index, JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING || !ROLES.contains(parser.getText())) {
            throw WrongField.expecting("messages[" + index + "].role", ROLE_NAMES, parser);
        }
        return parser.getText();
    }

    private static boolean content(int index, JsonParser parser) throws IOException {
        switch (parser.currentToken()) {
            case VALUE_STRING -> {
                return true;
            }
            case VALUE_NULL -> {
                return false;
            }
            case START_ARRAY -> {
                parts(index, parser);
                return true;
            }
            default ->
                throw WrongField.expecting(
                        "messages[" + index + "].content", "a string or a list of content parts", parser);
        }
    }

    private static void parts(int index, JsonParser parser) throws IOException {
        var part = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw WrongField.expecting(
                        "messages[" + index + "].content[" + part + "]", "an object with a 'type'", parser);
            }
            parser.skipChildren();
            part++;
        }
    }

    private static WrongField missing(int index, String field, String why) {
        var param = "messages[" + index + "]." + field;
        return new WrongField(param, "Missing field '" + param + "': " + why + ".");
    }
}
