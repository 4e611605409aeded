package dev.caravan.provider.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.chat.ChatChunk;
import dev.caravan.chat.ChatRequest;
import dev.caravan.chat.ChatResponse;
import dev.caravan.chat.RawObject;
import dev.caravan.chat.Usage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * OpenAI's form as trees, for the codecs of other dialects: they read a request's tree, and build the tree of an answer
 * or a chunk. Thread-safe.
 */
public final class OpenAiForm {

    private static final ObjectMapper TREES = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final ObjectMapper ROUGHLY = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private OpenAiForm() {}

    /** A new, empty object. */
    public static ObjectNode object() {
        return TREES.createObjectNode();
    }

    /** The request as its caller wrote it, numbers with all their digits. */
    public static ObjectNode tree(ChatRequest request) {
        try {
            return (ObjectNode) read(request.source().toBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("a request that was read before", e);
        }
    }

    /** What a provider sent; null where it is not one JSON object and nothing else. */
    public static @Nullable ObjectNode tree(byte[] json) {
        try {
            return read(json) instanceof ObjectNode object ? object : null;
        } catch (IOException e) {
            return null;
        }
    }

    /** A text that may be JSON, such as a tool call's arguments; null where it is no JSON object. */
    public static @Nullable ObjectNode tree(String json) {
        return tree(json.getBytes(UTF_8));
    }

    /** The same with the place of each member, to be carried as it was written; nothing where it is no JSON object. */
    public static Optional<RawObject> raw(byte[] json) {
        try {
            return Optional.of(Json.walk(json, (name, parser) -> parser.skipChildren()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Whether a text is the beginning of a JSON object, and no more of it. */
    public static boolean isCut(byte[] json) {
        try (var parser = TREES.getFactory().createNonBlockingByteArrayParser()) {
            ((ByteArrayFeeder) parser.getNonBlockingInputFeeder()).feedInput(json, 0, json.length);
            while (parser.nextToken() != JsonToken.NOT_AVAILABLE) {}
            return !parser.getParsingContext().inRoot();
        } catch (IOException e) {
            return false;
        }
    }

    private static JsonNode read(byte[] json) throws IOException {
        try {
            return TREES.readTree(json);
        } catch (NumberFormatException e) {
            return ROUGHLY.readTree(json); // an exponent beyond what exact numbers can have
        }
    }

    /** The text in a node; empty for anything else. */
    public static String text(JsonNode node) {
        return node.isTextual() ? node.textValue() : "";
    }

    /** The whole number in a node; 0 for anything else. */
    public static long count(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToLong() ? node.longValue() : 0;
    }

    /** A tree as UTF-8 JSON. */
    public static byte[] bytes(JsonNode tree) {
        try {
            return TREES.writeValueAsBytes(tree);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A whole answer that has the fields of a chat completion.
     *
     * @throws IllegalArgumentException if it has no choices, which is a fault of the codec that built it
     */
    public static ChatResponse response(ObjectNode completion) {
        try {
            return CompletionReader.response(bytes(completion));
        } catch (IOException e) {
            throw new IllegalArgumentException("no chat completion", e);
        }
    }

    /**
     * A piece of a streamed answer that has the fields of a chat completion chunk.
     *
     * @throws IllegalArgumentException if it has neither choices nor usage, which is a fault of the codec that built it
     */
    public static ChatChunk chunk(ObjectNode chunk) {
        try {
            return CompletionReader.chunk(bytes(chunk));
        } catch (IOException e) {
            throw new IllegalArgumentException("no chat completion chunk", e);
        }
    }

    /** A tool call as it stands in {@code tool_calls}, whole. */
    public static ObjectNode toolCall(String id, String name, String arguments) {
        var call = object().put("id", id).put("type", "function");
        call.putObject("function").put("name", name).put("arguments", arguments);
        return call;
    }

    /** The {@code usage} of an answer. */
    public static ObjectNode usage(Usage usage) {
        var tree = object().put("prompt_tokens", usage.promptTokens())
                .put("completion_tokens", usage.completionTokens())
                .put("total_tokens", usage.totalTokens());
        tree.putObject("prompt_tokens_details").put("cached_tokens", usage.cachedTokens());
        tree.putObject("completion_tokens_details").put("reasoning_tokens", usage.reasoningTokens());
        return tree;
    }

    /** The id for a tool call to which the provider gave none. */
    public static String freshCallId() {
        var random = ThreadLocalRandom.current();
        return "call_%016x%08x".formatted(random.nextLong(), random.nextInt());
    }
}
