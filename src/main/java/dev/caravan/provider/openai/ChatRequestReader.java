package dev.caravan.provider.openai;

import static java.util.Map.entry;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ChatRequest;
import dev.caravan.chat.Extensions;
import dev.caravan.chat.WhenUnsupported;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of {@code POST /v1/chat/completions}. What it knows it checks, what it does not know it carries.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/chat/create">the fields</a>
 */
public final class ChatRequestReader {

    /** A request, or what is wrong with it. */
    public sealed interface Reading permits Valid, Invalid {}

    /** The body is a chat request. */
    public record Valid(ChatRequest request) implements Reading {}

    /** The body is none, and {@code error} says why. */
    public record Invalid(ChatError error) implements Reading {}

    private static final Map<String, FieldRule> RULES = Map.ofEntries(
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
            entry("tools", FieldRule.array()));

    private static final FieldRule RETRIES = FieldRule.integer(0, 10);
    private static final double MAX_TIMEOUT_SECONDS = 86_400;

    private @Nullable String model;
    private boolean stream;
    private @Nullable Boolean includeUsage;
    private boolean messagesSeen;
    private @Nullable String provider;
    private List<String> fallbackProviders = List.of();
    private @Nullable Duration timeout;
    private @Nullable Integer retryCount;
    private @Nullable WhenUnsupported unsupported;

    private ChatRequestReader() {}

    /** Reads a body. */
    public static Reading read(byte[] json) {
        try {
            return new Valid(new ChatRequestReader().request(json));
        } catch (WrongField e) {
            return new Invalid(ChatError.invalid(e.param, e.sentence));
        } catch (Json.NotAnObject e) {
            return new Invalid(
                    ChatError.invalid(null, "The request body must be one JSON object, but " + e.getMessage() + "."));
        } catch (StreamConstraintsException e) {
            return new Invalid(
                    ChatError.invalid(null, "The request body is nested too deeply, or holds too long a value."));
        } catch (JsonProcessingException e) {
            // bytes that are no UTF-8 have no place in the text
            var at = e.getLocation();
            return new Invalid(ChatError.invalid(
                    null,
                    "The request body is not valid JSON in UTF-8: " + e.getOriginalMessage()
                            + (at == null ? "." : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ").")));
        } catch (IOException e) {
            return new Invalid(ChatError.invalid(null, "The request body is not valid JSON in UTF-8."));
        }
    }

    private ChatRequest request(byte[] json) throws IOException {
        var source = Json.walk(json, this::member);
        if (model == null || model.isBlank()) {
            throw new WrongField("model", "Missing field 'model': name the model to ask, as GET /v1/models lists it.");
        }
        if (!messagesSeen) {
            throw new WrongField(
                    "messages", "Missing field 'messages': give at least one message with a role and content.");
        }
        if (includeUsage != null && !stream) {
            throw new WrongField("stream_options", "Field 'stream_options' is only allowed when 'stream' is true.");
        }
        return new ChatRequest(
                model,
                stream,
                Boolean.TRUE.equals(includeUsage),
                new Extensions(provider, fallbackProviders, timeout, retryCount, unsupported),
                source);
    }

    private void member(String name, JsonParser parser) throws IOException {
        switch (name) {
            case "model" -> model = text(name, parser);
            case "stream" -> stream = bool(name, parser);
            case "stream_options" -> streamOptions(parser);
            case "messages" -> {
                MessageRules.check(parser);
                messagesSeen = true;
            }
            case "provider" -> provider = isNull(parser) ? null : text(name, parser);
            case "fallback_providers" -> fallbackProviders = texts(name, parser);
            case "timeout" -> timeout = seconds(name, parser);
            case "retry_count" -> {
                require(name, RETRIES, parser);
                retryCount = isNull(parser) ? null : Integer.valueOf(parser.getIntValue());
            }
            case "unsupported" -> unsupported = isNull(parser) ? null : whenUnsupported(name, parser);
            default -> {
                var rule = RULES.get(name);
                if (rule == null) {
                    parser.skipChildren();
                } else {
                    require(name, rule, parser);
                }
            }
        }
    }

    private void streamOptions(JsonParser parser) throws IOException {
        if (isNull(parser)) {
            return;
        }
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw WrongField.expecting("stream_options", "an object", parser);
        }
        includeUsage = false;
        Json.members(parser, (name, value) -> {
            if (name.equals("include_usage")) {
                includeUsage = bool("stream_options.include_usage", value);
            } else {
                value.skipChildren();
            }
        });
    }

    private static boolean isNull(JsonParser parser) {
        return parser.currentToken() == JsonToken.VALUE_NULL;
    }

    private static void require(String name, FieldRule rule, JsonParser parser) throws IOException {
        var expected = rule.expects(parser);
        if (expected != null) {
            throw WrongField.expecting(name, expected, parser);
        }
    }

    private static String text(String name, JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw WrongField.expecting(name, "a string", parser);
        }
        return parser.getText();
    }

    private static boolean bool(String name, JsonParser parser) throws IOException {
        require(name, FieldRule.bool(), parser);
        return parser.currentToken() == JsonToken.VALUE_TRUE;
    }

    private static WhenUnsupported whenUnsupported(String name, JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            for (var each : WhenUnsupported.values()) {
                if (each.text().equals(parser.getText())) {
                    return each;
                }
            }
        }
        throw WrongField.expecting(name, "\"refuse\" or \"drop\"", parser);
    }

    private static List<String> texts(String name, JsonParser parser) throws IOException {
        if (isNull(parser)) {
            return List.of();
        }
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw WrongField.expecting(name, "a list of provider names", parser);
        }
        var texts = new ArrayList<String>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            texts.add(text(name + "[" + texts.size() + "]", parser));
        }
        return texts;
    }

    private static @Nullable Duration seconds(String name, JsonParser parser) throws IOException {
        if (isNull(parser)) {
            return null;
        }
        if (parser.currentToken().isNumeric()) {
            var seconds = parser.getDoubleValue();
            if (seconds > 0 && seconds <= MAX_TIMEOUT_SECONDS) {
                return Duration.ofMillis(Math.max(1, Math.round(seconds * 1000)));
            }
        }
        throw WrongField.expecting(name, "a number of seconds above 0 and at most 86400", parser);
    }
}
