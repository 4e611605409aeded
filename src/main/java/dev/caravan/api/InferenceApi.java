package dev.caravan.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.catalog.RouteSpec;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ChatResponse;
import dev.caravan.chat.Outcome;
import dev.caravan.chat.Usage;
import dev.caravan.plan.Ask;
import dev.caravan.provider.openai.ChatRequestReader;
import dev.caravan.provider.openai.CompletionWriter;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/inference}: one prompt to one model, one text back. Thread-safe. */
public final class InferenceApi implements OwnForm {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_TOKENS = 1024;
    private static final double TEMPERATURE = 0.7;
    private static final double MILLIS_OF_A_SECOND = 1000;

    /**
     * The answer.
     *
     * @param modelName the model that answered
     * @param latency seconds
     */
    @JsonNaming(SnakeCaseStrategy.class)
    record Reply(
            String text,
            String modelName,
            boolean success,
            @Nullable String error,
            Tokens usage,
            double latency,
            Map<String, Object> metadata) {}

    @JsonNaming(SnakeCaseStrategy.class)
    record Tokens(long promptTokens, long completionTokens, long totalTokens) {

        static Tokens of(@Nullable Usage usage) {
            return usage == null
                    ? new Tokens(0, 0, 0)
                    : new Tokens(usage.promptTokens(), usage.completionTokens(), usage.totalTokens());
        }
    }

    @Override
    public String path() {
        return "/v1/inference";
    }

    /**
     * The chat request that a body stands for. What it holds beside {@code prompt}, {@code model_name} and
     * {@code extra_params} is as in a chat request.
     */
    @Override
    public ChatRequestReader.Reading question(byte[] body) {
        try {
            return JSON.readTree(body) instanceof ObjectNode asked
                    ? question(asked)
                    : wrong(null, "The request body must be one JSON object with 'prompt' and 'model_name'.");
        } catch (JsonProcessingException e) {
            return wrong(null, "The request body is not valid JSON in UTF-8: " + e.getOriginalMessage() + ".");
        } catch (IOException _) {
            return wrong(null, "The request body is not valid JSON in UTF-8.");
        }
    }

    private static ChatRequestReader.Reading question(ObjectNode asked) throws JsonProcessingException {
        var prompt = asked.remove("prompt");
        if (prompt == null || !prompt.isTextual()) {
            return wrong("prompt", "'prompt' must be there, and must be a text.");
        }
        var model = asked.remove("model_name");
        if (model != null && !model.isNull() && !model.isTextual()) {
            return wrong("model_name", "Invalid value for 'model_name': expected the name of a model, a text.");
        }
        var extra = asked.remove("extra_params");
        if (extra != null && !extra.isNull() && !extra.isObject()) {
            return wrong("extra_params", "Invalid value for 'extra_params': expected an object.");
        }
        var chat = chat(asked, prompt, model, extra);
        if (chat.path("stream").asBoolean()) {
            return wrong("stream", "An inference is answered as a whole; POST /v1/chat/completions streams.");
        }
        return ChatRequestReader.read(JSON.writeValueAsBytes(chat));
    }

    /** What the request says itself wins over its extra parameters, and both over the defaults. */
    private static ObjectNode chat(
            ObjectNode asked, JsonNode prompt, @Nullable JsonNode model, @Nullable JsonNode extra) {
        var chat = JSON.createObjectNode();
        chat.put("model", model == null || model.isNull() ? RouteSpec.AUTO : model.textValue());
        chat.putArray("messages").addObject().put("role", "user").set("content", prompt);
        chat.put("temperature", TEMPERATURE);
        if (extra instanceof ObjectNode more) {
            more.remove("model");
            more.remove("messages");
            chat.setAll(more);
        }
        asked.remove("model");
        asked.remove("messages");
        chat.setAll(asked);
        if (!chat.has("max_tokens") && !chat.has("max_completion_tokens")) {
            chat.put("max_tokens", MAX_TOKENS);
        }
        return chat;
    }

    private static ChatRequestReader.Invalid wrong(@Nullable String param, String message) {
        return new ChatRequestReader.Invalid(ChatError.invalid(param, message));
    }

    @Override
    public ChatReply reply(Ask ask) {
        return switch (ask.outcome()) {
            case Outcome.Failed(var error) ->
                ChatReply.error(error, ask.arrival().requestId());
            case Outcome.Answered(var response) -> ChatReply.json(ask, reply(ask, response));
            case Outcome.Streaming _ -> throw new IllegalStateException("a stream that nobody asked for");
        };
    }

    private static Reply reply(Ask ask, ChatResponse response) {
        var id = response.id().isEmpty() ? CompletionWriter.freshId() : response.id();
        ask.answeredBy(id);
        var metadata = new LinkedHashMap<String, Object>();
        metadata.put("provider", ask.current().provider().name());
        metadata.put("finish_reason", response.choices().getFirst().finishReason());
        metadata.put("request_id", ask.arrival().requestId());
        metadata.put("id", id);
        ask.decision().ifPresent(decision -> {
            metadata.put("task_type", decision.weighed().analysis().task().text());
            metadata.put("score", decision.weighed().analysis().score());
            metadata.put("tier", decision.tier().text());
        });
        return new Reply(
                response.text(),
                ask.model(),
                true,
                null,
                Tokens.of(response.usage()),
                ask.elapsed().toMillis() / MILLIS_OF_A_SECOND,
                metadata);
    }
}
