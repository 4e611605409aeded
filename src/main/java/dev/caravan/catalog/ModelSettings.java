package dev.caravan.catalog;

import dev.caravan.chat.WhenUnsupported;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What holds for every request to a model.
 *
 * @param maxTokens the longest answer it gives, in tokens; null if unknown
 * @param parameters fields that a request gets unless it has them: their values as JSON, by name
 * @param unsupported what to do where a provider cannot do all that is asked; null: as the provider says
 * @param contextWindow how many tokens question and answer may have together; null if unknown
 */
public record ModelSettings(
        @Nullable Integer maxTokens,
        Map<String, String> parameters,
        @Nullable WhenUnsupported unsupported,
        @Nullable Integer contextWindow) {

    /** Nothing said. */
    public static final ModelSettings NONE = new ModelSettings(null, Map.of(), null);

    /** Of a model whose context window is unknown. */
    public ModelSettings(
            @Nullable Integer maxTokens, Map<String, String> parameters, @Nullable WhenUnsupported unsupported) {
        this(maxTokens, parameters, unsupported, null);
    }

    public ModelSettings {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }
}
