package dev.caravan.catalog;

import dev.caravan.chat.WhenUnsupported;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a person says about a provider: a {@link ProviderSpec} that has no number yet. The components are the same. */
public record ProviderSettings(
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

    /** Where nothing is said: the middle of 0 to 1000, 60 seconds. */
    public static final int DEFAULT_PRIORITY = 100;

    public static final int DEFAULT_WEIGHT = 100;
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);

    public ProviderSettings {
        models = List.copyOf(models);
    }

    /** Settings that do not say whether the provider is asked for its models. */
    public ProviderSettings(
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

    /** The settings of a provider that exists. */
    public static ProviderSettings of(ProviderSpec spec) {
        return new ProviderSettings(
                spec.name(),
                spec.type(),
                spec.baseUrl(),
                spec.apiKey(),
                spec.enabled(),
                spec.priority(),
                spec.weight(),
                spec.timeout(),
                spec.models(),
                spec.defaultModel(),
                spec.retry(),
                spec.connections(),
                spec.unsupported(),
                spec.discover());
    }

    /** The same, without its key. */
    public ProviderSettings withApiKey(@Nullable Secret newKey) {
        return new ProviderSettings(
                name,
                type,
                baseUrl,
                newKey,
                enabled,
                priority,
                weight,
                timeout,
                models,
                defaultModel,
                retry,
                connections,
                unsupported,
                discover);
    }

    /** The same, at another url. */
    ProviderSettings withBaseUrl(String newUrl) {
        return new ProviderSettings(
                name,
                type,
                newUrl,
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
                discover);
    }

    /** The provider of these settings under this number. */
    public ProviderSpec withId(int id) {
        return new ProviderSpec(
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
                discover);
    }
}
