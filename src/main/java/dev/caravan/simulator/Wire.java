package dev.caravan.simulator;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** OpenAI's JSON: a record for each object, members in OpenAI's order. */
final class Wire {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Wire() {}

    @JsonNaming(SnakeCaseStrategy.class)
    record Completion(
            String id,
            String object,
            long created,
            String model,
            List<Choice> choices,
            TokenUsage usage,
            String serviceTier,
            String systemFingerprint) {}

    @JsonNaming(SnakeCaseStrategy.class)
    record Choice(int index, Message message, @Nullable JsonNode logprobs, String finishReason) {}

    /** {@code usage} is left out of chunks unless it was asked for. */
    record TextCompletion(
            String id,
            String object,
            long created,
            String model,
            List<TextChoice> choices,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            TokenUsage usage) {}

    @JsonNaming(SnakeCaseStrategy.class)
    record TextChoice(
            String text,
            int index,
            @Nullable JsonNode logprobs,
            @Nullable String finishReason) {}

    record Embeddings(String object, List<Embedding> data, String model, EmbeddingUsage usage) {}

    /** The vector is a list of numbers, or base64. */
    record Embedding(String object, int index, Object embedding) {}

    @JsonNaming(SnakeCaseStrategy.class)
    record EmbeddingUsage(int promptTokens, int totalTokens) {}

    record Message(String role, String content, @Nullable String refusal, List<JsonNode> annotations) {}

    /** {@code usage} is left out unless it was asked for; then it is null on every chunk but the last. */
    @JsonNaming(SnakeCaseStrategy.class)
    record Chunk(
            String id,
            String object,
            long created,
            String model,
            String serviceTier,
            String systemFingerprint,
            List<ChunkChoice> choices,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            JsonNode usage) {}

    @JsonNaming(SnakeCaseStrategy.class)
    record ChunkChoice(
            int index,
            Delta delta,
            @Nullable JsonNode logprobs,
            @Nullable String finishReason) {}

    /** All three in the first chunk of a choice, content alone in those that follow, nothing in the last. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Delta(
            @Nullable String role,
            @Nullable String content,
            @Nullable JsonNode refusal) {}

    @JsonNaming(SnakeCaseStrategy.class)
    record TokenUsage(
            int promptTokens,
            int completionTokens,
            int totalTokens,
            PromptDetails promptTokensDetails,
            CompletionDetails completionTokensDetails) {

        TokenUsage(int promptTokens, int completionTokens) {
            this(
                    promptTokens,
                    completionTokens,
                    promptTokens + completionTokens,
                    new PromptDetails(0, 0),
                    new CompletionDetails(0, 0, 0, 0));
        }
    }

    @JsonNaming(SnakeCaseStrategy.class)
    record PromptDetails(int cachedTokens, int audioTokens) {}

    @JsonNaming(SnakeCaseStrategy.class)
    record CompletionDetails(
            int reasoningTokens, int audioTokens, int acceptedPredictionTokens, int rejectedPredictionTokens) {}

    record ModelList(String object, List<Model> data) {}

    record Model(
            String id,
            String object,
            long created,
            @JsonProperty("owned_by") String ownedBy) {}

    record ErrorBody(Failure error) {}

    record Failure(
            String message,
            String type,
            @Nullable String param,
            @Nullable String code) {}

    /** Null for what is not JSON. */
    static @Nullable JsonNode parse(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            return null;
        }
    }

    static byte[] bytes(Object record) {
        try {
            return JSON.writeValueAsBytes(record);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A record of this class cannot be written", e);
        }
    }

    static JsonNode tree(Object record) {
        return JSON.valueToTree(record);
    }
}
