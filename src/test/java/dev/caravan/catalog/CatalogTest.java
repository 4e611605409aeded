package dev.caravan.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CatalogTest {

    private static final Clock NOON = Clock.fixed(Instant.parse("2026-06-01T12:00:00Z"), ZoneOffset.UTC);

    @Test
    @DisplayName(
            "B7 a name that a provider lists finds it; of several the higher priority, then weight, then place is first")
    void ordersCandidates() {
        var catalog = catalog(
                provider("low", 1, 900, true, "m"),
                provider("light", 5, 1, true, "m"),
                provider("heavy", 5, 2, true, "m"),
                provider("twin", 5, 2, true, "m"),
                provider("off", 9, 9, false, "m"));

        assertThat(asked(catalog, "m")).containsExactly("heavy/m", "twin/m", "light/m", "low/m");
        assertThat(catalog.resolve("nobody-knows", null)).isEmpty();
    }

    @Test
    @DisplayName("A1 a configured name wins over a provider's list, and has a path for each provider")
    void configuredNamesWin() {
        var smart = new ModelSpec(
                "m",
                List.of(new ModelSpec.Served("b", "up/m"), new ModelSpec.Served("left-out", "x")),
                new ModelSettings(9, Map.of(), null),
                List.of(),
                List.of(),
                0);
        var catalog = catalog(List.of(smart), provider("a", 1, 1, true, "m"), provider("b", 1, 1, true));

        assertThat(asked(catalog, "m")).containsExactly("b/up/m");
        assertThat(asked(catalog, "b:m")).containsExactly("b/up/m");
        assertThat(asked(catalog, "a:m")).containsExactly("a/m");
        assertThat(catalog.model("m")).map(ModelSpec::created).hasValue(1_000L);
    }

    @Test
    @DisplayName("C4 provider:model addresses one deployment, and a name that itself holds ':' wins over that reading")
    void addressesOne() {
        var catalog = catalog(
                provider("a", 9, 1, true, "m"), provider("b", 1, 1, true, "m", "a:m"), provider("off", 1, 1, false));

        assertThat(asked(catalog, "b:m")).containsExactly("b/m");
        assertThat(asked(catalog, "b:never-heard:latest")).containsExactly("b/never-heard:latest");
        assertThat(asked(catalog, "a:m")).containsExactly("b/a:m");
        assertThat(asked(catalog, "off:m")).isEmpty();
        assertThat(catalog.resolve("llama3.1:latest", null)).isEmpty();
    }

    @Test
    @DisplayName("C2 a request that names its provider is answered by no other")
    void onlyThisProvider() {
        var catalog = catalog(provider("a", 9, 1, true, "m"), provider("b", 1, 1, true));

        assertThat(catalog.resolve("m", "b").orElseThrow().candidates())
                .containsExactly(new Deployment(catalog.provider("b").orElseThrow(), "m"));
        assertThat(catalog.resolve("b:m", "b").orElseThrow().candidates())
                .containsExactly(new Deployment(catalog.provider("b").orElseThrow(), "m"));
        assertThat(catalog.resolve("m", "nobody")).isEmpty();
    }

    @Test
    @DisplayName("B8 a model's fallbacks come after its own providers, each once, whatever their priority")
    void fallbacks() {
        var strong = new ModelSpec(
                "strong",
                List.of(new ModelSpec.Served("a", "up")),
                ModelSettings.NONE,
                List.of(),
                List.of("weak", "b:other", "a:up", "left-out:x", "nobody-knows", "off:x"),
                0);
        var weak = new ModelSpec(
                "weak",
                List.of(new ModelSpec.Served("c", "weak")),
                ModelSettings.NONE,
                List.of(),
                List.of("strong"),
                0);
        var catalog = catalog(
                List.of(strong, weak),
                provider("a", 1, 1, true),
                provider("b", 1, 1, true),
                provider("c", 9, 1, true),
                provider("off", 9, 1, false));

        assertThat(asked(catalog, "strong")).containsExactly("a/up", "c/weak", "b/other");
        assertThat(asked(catalog, "weak")).containsExactly("c/weak", "a/up");
    }

    @Test
    @DisplayName(
            "C2 a fallback provider that serves other models than the one asked for is asked for its default model")
    void fallbackProvider() {
        var settings = ProviderSettings.of(provider("b", 1, 1, true, "x"));
        var withDefault = ProviderForm.change("{\"default_model\":\"x\"}".getBytes(UTF_8), settings);
        var b = ((ProviderForm.Filled.Right) withDefault).settings().withId(2);
        var catalog = catalog(provider("a", 1, 1, true, "m"), b, provider("c", 1, 1, true));

        assertThat(catalog.fallback("m", "b").orElseThrow().candidates()).containsExactly(new Deployment(b, "x"));
        assertThat(catalog.fallback("x", "b").orElseThrow().candidates()).containsExactly(new Deployment(b, "x"));
        assertThat(catalog.fallback("unheard", "b").orElseThrow().candidates())
                .containsExactly(new Deployment(b, "unheard"));
        assertThat(catalog.fallback("m", "c").orElseThrow().candidates())
                .extracting(Deployment::model)
                .containsExactly("m");
        assertThat(catalog.fallback("a:m", "b").orElseThrow().candidates()).containsExactly(new Deployment(b, "x"));
        assertThat(catalog.fallback("a:m", "c").orElseThrow().candidates())
                .extracting(Deployment::model)
                .containsExactly("m");
        assertThat(catalog.resolve("m", "b").orElseThrow().candidates())
                .as("who is named is asked for what is named")
                .containsExactly(new Deployment(b, "m"));
    }

    @Test
    @DisplayName("A1 a provider's name alone stands for its default model")
    void defaultModel() {
        var spec = provider("a", 1, 1, true);
        var settings = ProviderSettings.of(spec);
        var withDefault = new ProviderSpec(
                1,
                "a",
                spec.type(),
                spec.baseUrl(),
                null,
                true,
                1,
                1,
                settings.timeout(),
                List.of(),
                "its-own",
                spec.retry(),
                spec.connections(),
                null);

        assertThat(asked(catalog(withDefault), "a")).containsExactly("a/its-own");
        assertThat(asked(catalog(withDefault), "a:")).containsExactly("a/its-own");
        assertThat(catalog(withDefault).resolve(null, "a").orElseThrow().model())
                .isEqualTo("its-own");
        assertThat(catalog(spec).resolve("a", null)).isEmpty();
        assertThat(catalog(spec).resolve(null, "a")).isEmpty();
    }

    @Test
    @DisplayName("A11 the provider 'default' is asked for names that no other provides")
    void lastResort() {
        var catalog = catalog(
                provider("default", 1, 1, true), provider("a", 1, 1, true, "m"), provider("b", 1, 1, false, "n"));

        assertThat(asked(catalog, "m")).containsExactly("a/m");
        assertThat(asked(catalog, "n")).containsExactly("default/n");
        assertThat(asked(catalog, "what:ever")).containsExactly("default/what:ever");
        assertThat(asked(catalog, "a:x")).containsExactly("a/x");
    }

    @Test
    @DisplayName("A1 of dated prices the newest that has begun is in force, and a provider's own wins over '*'")
    void datedPrices() {
        var prices = new Prices(List.of(
                row("*", "m", "2020-01-01", 1),
                row("a", "m", "2026-01-01", 2),
                row("a", "m", "2026-06-01", 3),
                row("a", "m", "2026-06-02", 4)));
        var catalog = new Catalog(0, List.of(), List.of(), prices, NOON);

        assertThat(catalog.price("a", "m")).map(Price::input).hasValue(BigDecimal.valueOf(3));
        assertThat(catalog.price("b", "m")).map(Price::input).hasValue(BigDecimal.ONE);
        assertThat(catalog.price("b", "n")).isEmpty();
        assertThat(prices.on(LocalDate.of(2025, 1, 1), "a", "m"))
                .map(Price::input)
                .hasValue(BigDecimal.ONE);
    }

    private static Prices.Row row(String provider, String model, String from, int input) {
        return new Prices.Row(
                provider, model, LocalDate.parse(from), new Price(BigDecimal.valueOf(input), BigDecimal.ONE, null));
    }

    private static List<String> asked(Catalog catalog, @Nullable String model) {
        return catalog.resolve(model, null).orElseThrow().candidates().stream()
                .map(candidate -> candidate.provider().name() + "/" + candidate.model())
                .toList();
    }

    private static Catalog catalog(ProviderSpec... specs) {
        return catalog(List.of(), specs);
    }

    private static Catalog catalog(List<ModelSpec> models, ProviderSpec... specs) {
        var entries = Arrays.stream(specs)
                .map(spec -> new ProviderEntry(spec, ProviderSource.FILE, Instant.ofEpochSecond(1_000)))
                .toList();
        return new Catalog(0, entries, models, Prices.NONE, NOON);
    }

    private static ProviderSpec provider(String name, int priority, int weight, boolean enabled, String... models) {
        return new ProviderSpec(
                name.hashCode(),
                name,
                ProviderType.OPENAI,
                "http://127.0.0.1:1/v1",
                null,
                enabled,
                priority,
                weight,
                Duration.ofSeconds(60),
                List.of(models),
                null,
                Retry.DEFAULT,
                Connections.DEFAULT,
                null);
    }
}
