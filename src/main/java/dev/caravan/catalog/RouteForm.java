package dev.caravan.catalog;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the {@code route:} of a model: the name stands for a choice then. */
final class RouteForm {

    private static final List<String> NAMES = List.of(
            "lightweight",
            "reasoning",
            "multimodal",
            "strong_share",
            "threshold",
            "prefer",
            "cost_weight",
            "latency_weight");
    private static final Map<Tier, String> VARIABLES = Map.of(
            Tier.LIGHTWEIGHT, "DEFAULT_LIGHTWEIGHT_MODEL",
            Tier.REASONING, "DEFAULT_REASONING_MODEL",
            Tier.MULTIMODAL, "DEFAULT_MULTIMODAL_MODEL");

    private RouteForm() {}

    /** The route of a model entry, which may hold nothing but its name beside it. */
    static RouteSpec read(Fields entry) {
        entry.only(List.of("name", "route"));
        entry.require("name");
        var name = entry.text("name").orElse("");
        return entry.section("route").map(fields -> route(fields, name)).orElseGet(() -> {
            if (entry.isNull("route")) {
                entry.wrong("route", "'route' must name the models of its tiers, as in 'lightweight: [small]'");
            }
            return new RouteSpec(name, Map.of());
        });
    }

    private static RouteSpec route(Fields fields, String name) {
        fields.only(NAMES);
        var models = new EnumMap<Tier, List<String>>(Tier.class);
        for (var tier : Tier.values()) {
            fields.texts(tier.text()).ifPresent(names -> models.put(tier, names));
            if (models.getOrDefault(tier, List.of()).contains(name)) {
                fields.wrong(tier.text(), "'" + name + "' cannot choose itself");
            }
        }
        if (models.values().stream().allMatch(List::isEmpty)) {
            fields.wrong("lightweight", "one of 'lightweight', 'reasoning' and 'multimodal' must name a model");
        }
        if (fields.has("strong_share") && fields.has("threshold")) {
            fields.wrong("threshold", "either 'strong_share' or 'threshold', not both");
        }
        return new RouteSpec(
                name,
                models,
                fields.share("strong_share").orElse(RouteSpec.STRONG_SHARE),
                fields.decimal("threshold", 0, 1).map(Number::doubleValue).orElse(null),
                fields.preference("prefer").orElse(RouteSpec.Preference.ORDER),
                fields.decimal("cost_weight", 0, 1000).map(Number::doubleValue).orElse(1.0),
                fields.decimal("latency_weight", 0, 1000)
                        .map(Number::doubleValue)
                        .orElse(1.0));
    }

    /** What {@code auto} is where no file says it: the models that the environment names. */
    static RouteSpec fromEnvironment(Function<String, @Nullable String> lookup) {
        var models = new EnumMap<Tier, List<String>>(Tier.class);
        VARIABLES.forEach((tier, variable) -> {
            var model = lookup.apply(variable);
            if (model != null && !model.isBlank()) {
                models.put(tier, List.of(model.strip()));
            }
        });
        return new RouteSpec(RouteSpec.AUTO, models);
    }
}
