package dev.caravan.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.caravan.catalog.Catalog;
import dev.caravan.catalog.LiveCatalog;
import dev.caravan.catalog.ModelSpec;
import dev.caravan.catalog.ProviderEntry;
import dev.caravan.catalog.RouteSpec;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The models as OpenAI's {@code /v1/models} shows them. Thread-safe. */
public final class ModelsView {

    /**
     * One model (OpenAI API reference, "The model object").
     *
     * @param created since when it is known here, in seconds since 1970
     * @param provider who is asked first; {@value #BROKER} for a council, and for a name that stands for a choice
     *     among models
     */
    public record Model(
            String id,
            String object,
            long created,
            @JsonProperty("owned_by") String ownedBy,
            String provider) {

        static Model of(String id, long created, String provider) {
            return new Model(id, "model", created, provider, provider);
        }
    }

    /** Who answers for a council, and for a name that stands for a choice. */
    static final String BROKER = "caravan";

    private final LiveCatalog live;

    public ModelsView(LiveCatalog live) {
        this.live = live;
    }

    /**
     * Each public name once, as long as an enabled provider serves it; then {@code provider:model} where the name alone
     * would not say which is meant.
     */
    public List<Model> list() {
        return list(live.current());
    }

    /** The model of this id, which may be any {@code provider:model} too. */
    public Optional<Model> find(String id) {
        return find(live.current(), id);
    }

    static List<Model> list(Catalog catalog) {
        var models = new LinkedHashMap<String, Model>();
        for (var route : catalog.routes()) {
            models.put(route.name(), choice(catalog, route));
        }
        for (var spec : catalog.models()) {
            named(catalog, spec).ifPresent(model -> models.putIfAbsent(model.id(), model));
        }
        for (var names : namesByProvider(catalog).entrySet()) {
            catalog.entry(names.getKey())
                    .filter(entry -> entry.spec().enabled())
                    .ifPresent(entry -> names.getValue().stream()
                            .filter(name -> !isOnlyOne(catalog, names.getKey(), name))
                            .map(name -> addressed(entry, name))
                            .filter(model -> catalog.model(model.id()).isEmpty())
                            .forEach(model -> models.put(model.id(), model)));
        }
        return List.copyOf(models.values());
    }

    static Optional<Model> find(Catalog catalog, String id) {
        var route = catalog.route(id);
        if (route != null) {
            return Optional.of(choice(catalog, route));
        }
        var exact = catalog.model(id);
        if (exact.isPresent()) {
            return named(catalog, exact.get());
        }
        var colon = id.indexOf(':');
        if (colon < 0 || colon == id.length() - 1) {
            return Optional.empty();
        }
        var name = id.substring(colon + 1);
        return catalog.entry(id.substring(0, colon))
                .filter(entry -> entry.spec().enabled())
                .filter(entry -> entry.spec().models().isEmpty()
                        || namesByProvider(catalog)
                                .getOrDefault(entry.spec().name(), Set.of())
                                .contains(name))
                .map(entry -> addressed(entry, name));
    }

    private static Model choice(Catalog catalog, RouteSpec route) {
        var since = catalog.providers().stream()
                .flatMap(provider -> catalog.entry(provider.name()).stream())
                .mapToLong(entry -> entry.created().getEpochSecond())
                .min()
                .orElse(0);
        return Model.of(route.name(), since, BROKER);
    }

    private static Model addressed(ProviderEntry entry, String name) {
        var provider = entry.spec().name();
        return Model.of(provider + ":" + name, entry.created().getEpochSecond(), provider);
    }

    private static Optional<Model> named(Catalog catalog, ModelSpec spec) {
        if (spec.council() != null) {
            return Optional.of(Model.of(spec.name(), spec.created(), BROKER));
        }
        return catalog.resolve(spec.name(), null).stream()
                .flatMap(resolved -> resolved.candidates().stream())
                .findFirst()
                .map(first ->
                        Model.of(spec.name(), spec.created(), first.provider().name()));
    }

    private static boolean isOnlyOne(Catalog catalog, String provider, String name) {
        var candidates = catalog.resolve(name, null).orElseThrow().candidates();
        return candidates.size() == 1 && candidates.getFirst().provider().name().equals(provider);
    }

    /** Every name that a provider lists or a model is configured for, by provider. */
    private static Map<String, Set<String>> namesByProvider(Catalog catalog) {
        var names = new LinkedHashMap<String, Set<String>>();
        for (var provider : catalog.providers()) {
            names.computeIfAbsent(provider.name(), _ -> new LinkedHashSet<>()).addAll(catalog.names(provider));
        }
        for (var model : catalog.models()) {
            for (var served : model.served()) {
                names.computeIfAbsent(served.provider(), _ -> new LinkedHashSet<>())
                        .add(model.name());
            }
        }
        return names;
    }
}
