package dev.caravan.service;

import dev.caravan.catalog.Catalog;
import dev.caravan.catalog.ModelSpec;
import dev.caravan.catalog.Tier;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Those who may answer a question to a model: itself, the members of a council, the models of a choice. Immutable. */
final class Answerers {

    /** What stands in {@code supported_tasks} of a model that answers in the form of a JSON Schema. */
    private static final String JSON = "json";

    private final Catalog catalog;
    private final @Nullable String provider;
    private final Set<String> names = new LinkedHashSet<>();

    /** @param provider the only one that may answer; null for any */
    Answerers(Catalog catalog, String model, @Nullable String provider) {
        this.catalog = catalog;
        this.provider = provider;
        add(model);
    }

    private void add(String name) {
        var council = catalog.council(name);
        var route = catalog.route(name);
        if (council != null) {
            council.models().forEach(this::add);
        } else if (route != null) {
            Arrays.stream(Tier.values())
                    .flatMap(tier -> route.models().getOrDefault(tier, List.of()).stream())
                    .filter(each -> catalog.route(each) == null && isThere(each))
                    .forEach(this::add);
        } else {
            names.add(name);
        }
    }

    private boolean isThere(String name) {
        return catalog.council(name) != null
                || catalog.resolve(name, null)
                        .filter(resolved -> !resolved.candidates().isEmpty())
                        .isPresent();
    }

    /** Whether every one of them is known to answer in the form of a JSON Schema. */
    boolean takeSchemas() {
        return !names.isEmpty()
                && names.stream()
                        .allMatch(name -> spec(name)
                                .filter(model -> model.supportedTasks().contains(JSON))
                                .isPresent());
    }

    /** The smallest of their context windows, in tokens. */
    int contextWindow(int usual) {
        return names.stream()
                .flatMap(name -> catalog.resolve(name, provider).stream())
                .flatMap(resolved -> resolved.candidates().stream())
                .mapToInt(candidate -> candidate.settings().contextWindow() == null
                        ? usual
                        : candidate.settings().contextWindow())
                .min()
                .orElse(usual);
    }

    private Optional<ModelSpec> spec(String name) {
        return catalog.model(name)
                .or(() -> catalog.model(name.substring(name.indexOf(':') + 1))
                        .filter(model ->
                                model.served().stream().anyMatch(served -> name.startsWith(served.provider() + ":"))));
    }
}
