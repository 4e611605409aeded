package dev.caravan.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is asked of a model: the fields of OpenAI's request, and whatever else its reader may know. Immutable. */
public final class ChatCompletionParams {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectNode fields;

    private ChatCompletionParams(ObjectNode fields) {
        this.fields = fields;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** The request's body; what is wrong in it is told when it is sent. */
    byte[] json(boolean stream) {
        var body = fields.deepCopy();
        if (stream) {
            body.put("stream", true);
        } else {
            body.remove("stream");
        }
        try {
            return JSON.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of JSON must be writable", e);
        }
    }

    /** The names of the fields only: what a person wrote stays private. */
    @Override
    public String toString() {
        return "ChatCompletionParams"
                + fields.properties().stream().map(Map.Entry::getKey).toList();
    }

    /** Not thread-safe. */
    public static final class Builder {

        private final ObjectNode fields = JSON.createObjectNode();

        private Builder() {}

        /** The model's name, or {@code provider:model} at a broker. */
        public Builder model(String model) {
            return put("model", model);
        }

        public Builder addSystemMessage(String content) {
            return addText("system", content);
        }

        public Builder addUserMessage(String content) {
            return addText("user", content);
        }

        public Builder addAssistantMessage(String content) {
            return addText("assistant", content);
        }

        /**
         * Adds any other message, such as one with image parts or a tool's result.
         *
         * @param message what Jackson writes as a JSON object: a map, a record, a tree
         */
        public Builder addMessage(Object message) {
            fields.withArray("messages").add(JSON.<JsonNode>valueToTree(message));
            return this;
        }

        /** 0 to 2. */
        public Builder temperature(double temperature) {
            return put("temperature", temperature);
        }

        /** The longest answer, in tokens. */
        public Builder maxTokens(long maxTokens) {
            return put("max_tokens", maxTokens);
        }

        /**
         * Sets a field by its name in the request's body.
         *
         * @param value what Jackson writes as JSON; null is written as such
         */
        public Builder put(String name, @Nullable Object value) {
            fields.set(name, JSON.valueToTree(value));
            return this;
        }

        public ChatCompletionParams build() {
            return new ChatCompletionParams(fields.deepCopy());
        }

        private Builder addText(String role, String content) {
            fields.withArray("messages").addObject().put("role", role).put("content", content);
            return this;
        }
    }
}
