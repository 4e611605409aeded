package dev.caravan.catalog;

import dev.caravan.chat.WhenUnsupported;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One provider as it is configured.
 *
 * @param id its number in paths of the admin API
 * @param name its name in {@code provider:model}, logs and metrics
 * @param type the dialect it speaks
 * @param baseUrl where, without a final slash; with {@code /v1} for OpenAI and its kin
 * @param apiKey what it asks for; null for one that asks for nothing
 * @param enabled whether it is asked at all
 * @param priority the higher is asked first
 * @param weight among those of the same priority the heavier is asked first
 * @param timeout bound on one attempt; on a streamed one until its first event
 * @param models names that find this provider by themselves; {@code provider:model} asks it for any other name too
 * @param defaultModel asked where a request names the provider alone
 * @param retry how a failed attempt is repeated here
 * @param connections how it is connected to
 * @param unsupported what to do where it cannot do all that is asked; null: leave out what the answer does not hang on
 * @param discover whether its server is asked which models it has; null: as its type says
 */
public record ProviderSpec(
        int id,
        String name,
        ProviderType type,
        String baseUrl,
        @Nullable Secret apiKey,
        boolean enabled,
        int priority,
        int weight,
        Duration timeout,
        List<String> models,
        @Nullable String defaultModel,
        Retry retry,
        Connections connections,
        @Nullable WhenUnsupported unsupported,
        @Nullable Boolean discover) {

    public ProviderSpec {
        models = List.copyOf(models);
    }

    /** A provider of which nobody says whether it is asked for its models. */
    public ProviderSpec(
            int id,
            String name,
            ProviderType type,
            String baseUrl,
            @Nullable Secret apiKey,
            boolean enabled,
            int priority,
            int weight,
            Duration timeout,
            List<String> models,
            @Nullable String defaultModel,
            Retry retry,
            Connections connections,
            @Nullable WhenUnsupported unsupported) {
        this(
                id,
                name,
                type,
                baseUrl,
                apiKey,
                enabled,
                priority,
                weight,
                timeout,
                models,
                defaultModel,
                retry,
                connections,
                unsupported,
                null);
    }

    /** Whether its server is asked which models it has. */
    public boolean discovers() {
        return enabled && (discover == null ? type.isOnesOwn() : discover);
    }

    /** Whether {@code other} asks the same server, as the same customer. */
    public boolean asksAs(ProviderSpec other) {
        return type == other.type && baseUrl.equals(other.baseUrl) && Objects.equals(apiKey, other.apiKey);
    }
}
