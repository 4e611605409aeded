package dev.caravan.chat;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request may say to the broker beyond OpenAI's own fields. None of it ever reaches a provider.
 *
 * @param provider the provider to ask, by name
 * @param fallbackProviders providers to ask when that one fails, in order
 * @param timeout bound on the whole request
 * @param retryCount repeats at one provider, instead of that provider's own setting
 * @param unsupported what to do where a provider cannot do all that is asked; null: as the model and provider say
 */
public record Extensions(
        @Nullable String provider,
        List<String> fallbackProviders,
        @Nullable Duration timeout,
        @Nullable Integer retryCount,
        @Nullable WhenUnsupported unsupported) {

    /** Nothing said. */
    public static final Extensions NONE = new Extensions(null, List.of(), null, null, null);

    /** The fields' names in a request body. */
    public static final List<String> NAMES =
            List.of("provider", "fallback_providers", "timeout", "retry_count", "unsupported", "cooperation");

    public Extensions {
        fallbackProviders = List.copyOf(fallbackProviders);
    }
}
