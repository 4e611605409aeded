package dev.caravan.plan;

import dev.caravan.catalog.Catalog;
import dev.caravan.catalog.ProviderSpec;
import dev.caravan.catalog.ProviderType;
import dev.caravan.catalog.Resolved;
import dev.caravan.chat.Operation;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which model a provider is asked for where a request names no model of its own: its {@code default_model}, but for
 * vectors the one that its vendor has for them.
 */
final class DefaultModels {

    private DefaultModels() {}

    /** Whom to ask, as {@link Catalog#resolve} says it. */
    static Optional<Resolved> resolve(Catalog catalog, Operation operation, String name, @Nullable String provider) {
        if (operation == Operation.EMBEDDING && catalog.model(name).isEmpty()) {
            var alone = name.endsWith(":") ? name.substring(0, name.length() - 1) : name;
            var own = catalog.provider(alone).map(DefaultModels::embedding);
            if (own.isPresent()) {
                return catalog.resolve(alone + ":" + own.get(), provider);
            }
        }
        return catalog.resolve(name, provider);
    }

    /** Whom to ask when others have failed, as {@link Catalog#fallback} says it. */
    static Optional<Resolved> fallback(Catalog catalog, Operation operation, String name, String provider) {
        var resolved = catalog.fallback(name, provider);
        if (operation != Operation.EMBEDDING) {
            return resolved;
        }
        return catalog.provider(provider)
                .filter(spec -> resolved.stream()
                        .flatMap(found -> found.candidates().stream())
                        .anyMatch(candidate -> candidate.model().equals(spec.defaultModel())))
                .map(spec -> Objects.requireNonNullElseGet(embedding(spec), () -> own(catalog, name)))
                .map(model -> catalog.resolve(model, provider))
                .orElse(resolved);
    }

    /** A model's own name, where it is addressed at a provider. */
    private static String own(Catalog catalog, String name) {
        var colon = name.indexOf(':');
        return catalog.model(name).isEmpty()
                        && colon > 0
                        && catalog.provider(name.substring(0, colon)).isPresent()
                ? name.substring(colon + 1)
                : name;
    }

    private static @Nullable String embedding(ProviderSpec provider) {
        return embedding(provider.type());
    }

    private static @Nullable String embedding(ProviderType type) {
        return switch (type) {
            case OPENAI -> "text-embedding-3-small";
            case OPENROUTER -> "openai/text-embedding-3-small";
            case GEMINI -> "gemini-embedding-001";
            case ZHIPU -> "embedding-3";
            case ALIYUN -> "text-embedding-v2";
            case ANTHROPIC, DEEPSEEK, VLLM, LLAMACPP, OPENAI_COMPATIBLE, OLLAMA -> null;
        };
    }
}
