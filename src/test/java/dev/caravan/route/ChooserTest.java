package dev.caravan.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.catalog.Catalog;
import dev.caravan.catalog.ModelSettings;
import dev.caravan.catalog.ModelSpec;
import dev.caravan.catalog.Price;
import dev.caravan.catalog.Prices;
import dev.caravan.catalog.ProviderEntry;
import dev.caravan.catalog.ProviderSource;
import dev.caravan.catalog.RouteSpec;
import dev.caravan.catalog.RouteSpec.Preference;
import dev.caravan.catalog.Tier;
import dev.caravan.chat.ChatRequest;
import dev.caravan.plan.Asks;
import dev.caravan.provider.openai.ChatRequestReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ChooserTest {

    private static final String HARD =
            "Prove it step by step, design an algorithm, analyze and compare: why does it hold?";

    private final Latencies latencies = new Latencies();
    private final Chooser chooser = new Chooser(new Analyst(Weights.load()), latencies);

    @Test
    @DisplayName("A4 The first model of the tier that is there is taken; the others follow, for when it fails")
    void order() {
        var decision = chosen(spec(Preference.ORDER), Tier.LIGHTWEIGHT, "");

        assertThat(decision.models()).containsExactly("small", "tiny", "large");
        assertThat(decision.reasons()).anyMatch(reason -> reason.contains("'small' of the lightweight models"));
        assertThat(chosen(spec(Preference.ORDER), Tier.REASONING, "").model()).isEqualTo("large");
    }

    @Test
    @DisplayName("A4 The cheapest by the prices in force")
    void cheapest() {
        var decision = chosen(spec(Preference.CHEAPEST), Tier.LIGHTWEIGHT, "");

        assertThat(decision.model()).isEqualTo("tiny");
        assertThat(decision.reasons()).anyMatch(reason -> reason.contains("the cheapest, at about 0.0"));
    }

    @Test
    @DisplayName("A4 The fastest by the medians seen, where one that has yet to be measured is tried first")
    void fastest() {
        waits("small", 300);
        assertThat(chosen(spec(Preference.FASTEST), Tier.LIGHTWEIGHT, "").model())
                .isEqualTo("tiny");

        waits("tiny", 900);
        var decision = chosen(spec(Preference.FASTEST), Tier.LIGHTWEIGHT, "");
        assertThat(decision.model()).isEqualTo("small");
        assertThat(decision.reasons()).anyMatch(reason -> reason.contains("a median wait of 300 ms"));
    }

    @Test
    @DisplayName("A4 Cost and latency by their weights")
    void weighted() {
        waits("small", 300);
        waits("tiny", 900);

        assertThat(chosen(weighted(1, 0), Tier.LIGHTWEIGHT, "").model()).isEqualTo("tiny");
        assertThat(chosen(weighted(0, 1), Tier.LIGHTWEIGHT, "").model()).isEqualTo("small");
    }

    @Test
    @DisplayName("A4 What is required, pictures and tools too, rules models out that cannot do it")
    void requires() {
        assertThat(chosen(spec(Preference.ORDER), Tier.LIGHTWEIGHT, ",\"context\":{\"requires\":[\"json\"]}")
                        .models())
                .containsExactly("tiny", "large");
        assertThat(chosen(
                                spec(Preference.ORDER),
                                Tier.LIGHTWEIGHT,
                                ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]")
                        .models())
                .containsExactly("large");
        assertThat(nobody(",\"context\":{\"requires\":[\"vision\"]}"))
                .isEqualTo("None of the models that 'auto' chooses from can do vision.");
    }

    @Test
    @DisplayName("A4 What may be spent rules the dearer models out, and what would be enough is told")
    void maxCost() {
        assertThat(chosen(spec(Preference.ORDER), Tier.REASONING, ",\"context\":{\"max_cost\":0.001}")
                        .models())
                .containsExactly("small", "tiny");
        assertThat(nobody(",\"context\":{\"max_cost\":0.0000001}")).contains("the cheapest is 'tiny' for about 0.000");
    }

    @Test
    @DisplayName("A4 A provider that is named is the only one to choose from")
    void provider() {
        assertThat(chosen(spec(Preference.ORDER), Tier.LIGHTWEIGHT, ",\"provider\":\"b\"")
                        .models())
                .containsExactly("large");
    }

    @Test
    @DisplayName(
            "A4 Without tiers every model may be chosen: the cheap ones, and those that cost nothing, are light, the dear strong")
    void withoutTiers() {
        var bare = new RouteSpec("auto", Map.of());

        assertThat(chosen(bare, Tier.LIGHTWEIGHT, "").models()).startsWith("m", "tiny", "small");
        assertThat(chosen(bare, Tier.REASONING, "").model()).isEqualTo("large");
    }

    @Test
    @DisplayName("A4 What is worth a strong model by its score goes there until the share is used up")
    void share() {
        var spec = spec(Preference.ORDER);
        for (var i = 0; i < 100; i++) {
            var weighed = weighed(spec, request(HARD, ""));
            var tier = weighed.isWorthIt() ? Tier.REASONING : Tier.LIGHTWEIGHT;
            chooser.note(((Chooser.Choosing.Chosen) chooser.choose(weighed, tier, catalog())).decision());
        }

        assertThat(chooser.strongCalls(spec).share()).isBetween(0.01, 0.3);
        assertThat(ChoiceReport.of(chooser, catalog())).singleElement().satisfies(report -> {
            assertThat(report.requests()).isEqualTo(100);
            assertThat(Objects.requireNonNull(report.tiers().get("lightweight")).models())
                    .extracting(ChoiceReport.ModelReport::model)
                    .containsExactly("small", "tiny");
        });
    }

    private Decision chosen(RouteSpec spec, Tier tier, String fields) {
        var weighed = weighed(spec, request("Hello!", fields));
        return ((Chooser.Choosing.Chosen) chooser.choose(weighed, tier, catalog())).decision();
    }

    private String nobody(String fields) {
        var weighed = weighed(spec(Preference.ORDER), request("Hello!", fields));
        return ((Chooser.Choosing.Nobody) chooser.choose(weighed, Tier.LIGHTWEIGHT, catalog()))
                .error()
                .message();
    }

    private Weighed weighed(RouteSpec spec, ChatRequest request) {
        return ((Chooser.Weighing.Done) chooser.weigh(request, spec, null)).weighed();
    }

    private void waits(String model, int millis) {
        for (var i = 0; i < 5; i++) {
            latencies.firstToken("a", model, Duration.ofMillis(millis));
        }
    }

    private static RouteSpec spec(Preference prefer) {
        return new RouteSpec("auto", tiers(), 0.3, null, prefer, 1, 1);
    }

    private static RouteSpec weighted(double cost, double latency) {
        return new RouteSpec("auto", tiers(), 0.3, null, Preference.WEIGHTED, cost, latency);
    }

    private static Map<Tier, List<String>> tiers() {
        return Map.of(Tier.LIGHTWEIGHT, List.of("nobody-has-this", "small", "tiny"), Tier.REASONING, List.of("large"));
    }

    private static Catalog catalog() {
        return new Catalog(
                0,
                List.of(entry("a"), entry("b")),
                List.of(
                        model("small", "a", List.of("text")),
                        model("tiny", "a", List.of("text", "json")),
                        model("large", "b", List.of("text", "json", "tools"))),
                List.of(spec(Preference.ORDER)),
                new Prices(List.of(price("a", "small", "0.2"), price("a", "tiny", "0.1"), price("b", "large", "8"))),
                Clock.systemUTC());
    }

    private static ProviderEntry entry(String name) {
        return new ProviderEntry(Asks.provider(name), ProviderSource.FILE, Instant.EPOCH);
    }

    private static ModelSpec model(String name, String provider, List<String> tasks) {
        return new ModelSpec(
                name, List.of(new ModelSpec.Served(provider, name)), ModelSettings.NONE, tasks, List.of(), 0);
    }

    private static Prices.Row price(String provider, String model, String usd) {
        var price = new BigDecimal(usd);
        return new Prices.Row(provider, model, LocalDate.EPOCH, new Price(price, price, null));
    }

    private static ChatRequest request(String text, String fields) {
        var body = "{\"model\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]" + fields + "}";
        return switch (ChatRequestReader.read(body.getBytes(StandardCharsets.UTF_8))) {
            case ChatRequestReader.Valid(var request) -> request;
            case ChatRequestReader.Invalid(var error) -> throw new AssertionError(error);
        };
    }
}
