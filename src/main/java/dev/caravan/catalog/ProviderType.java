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
