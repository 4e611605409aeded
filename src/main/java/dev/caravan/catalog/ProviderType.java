package dev.caravan.catalog;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The dialects that providers speak, by the names that configuration and the admin API use. */
public enum ProviderType {
    OPENAI,
    OPENROUTER,
    DEEPSEEK,
    VLLM,
    LLAMACPP,
    OPENAI_COMPATIBLE,
    ANTHROPIC,
    GEMINI,
    ZHIPU,
    ALIYUN,
    OLLAMA;

    /** Whether such a server is usually one's own, which has the models that somebody has put there. */
    boolean isOnesOwn() {
        return this == OLLAMA || this == VLLM || this == LLAMACPP;
    }

    /** Whether such a server can be asked which models it has: in Ollama's way, or in OpenAI's. */
    boolean listsModels() {
        return switch (this) {
            case OPENAI, OPENROUTER, DEEPSEEK, VLLM, LLAMACPP, OPENAI_COMPATIBLE, OLLAMA -> true;
            case ANTHROPIC, GEMINI, ZHIPU, ALIYUN -> false;
        };
    }

    /** The type's name, such as {@code openai-compatible}. */
    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The type of this name.
     *
     * @throws IllegalArgumentException with a sentence for the person who wrote the name
     */
    @JsonCreator
    public static ProviderType of(String text) {
        return Arrays.stream(values())
                .filter(type -> type.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is not a provider type; the types are "
                        + Arrays.stream(values()).map(ProviderType::text).collect(Collectors.joining(", "))));
    }
}
