package dev.caravan.catalog;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.toUnmodifiableMap;

import dev.caravan.chat.Usage;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The providers, models and prices in force at one moment. Immutable; every lookup is a few map reads. */
public final class Catalog {

    /** The provider that is asked for names that no other provides. */
    private static final String LAST_RESORT = "default";

    private static final String LATEST = ":latest";

    private final long version;
    private final List<ProviderEntry> entries;
    private final List<ProviderSpec> providers;
    private final Map<String, ProviderEntry> byName;
    private final Map<Integer, ProviderEntry> byId;
    private final Map<String, ModelSpec> models;
    private final Map<String, ModelSpec> shortNames;
    private final Map<String, Resolved> resolved;
    private final Map<String, Council> councils;
    private final Map<String, RouteSpec> routes;
    private final Prices prices;
    private final Clock clock;
    private final List<ModelSpec> configured;
    private final Map<Integer, Discovered> discovered;

    /** A catalog without names that stand for a choice. */
    public Catalog(long version, List<ProviderEntry> entries, List<ModelSpec> configured, Prices prices, Clock clock) {
        this(version, entries, configured, List.of(), prices, clock);
    }

    /**
     * A catalog without anything discovered.
     *
     * @param version that of the stored rows it was made from
     * @param entries every provider, in the order in which equals are asked
     * @param configured the models of {@code config/models.yaml}; a name there wins over a provider's own list; one whose
     *     providers are all missing is passed over
     * @param routes the names that stand for a choice among models; each wins over a model of that name
     * @param clock tells which prices are in force
     */
    public Catalog(
            long version,
            List<ProviderEntry> entries,
            List<ModelSpec> configured,
            List<RouteSpec> routes,
            Prices prices,
            Clock clock) {
        this(version, entries, configured, routes, prices, clock, Map.of());
    }

    private Catalog(
            long version,
            List<ProviderEntry> entries,
            List<ModelSpec> configured,
            List<RouteSpec> routes,
            Prices prices,
            Clock clock,
            Map<Integer, Discovered> discovered) {
        this.version = version;
        this.configured = List.copyOf(configured);
        this.discovered = Map.copyOf(discovered);
        this.entries = List.copyOf(entries);
        this.providers = entries.stream()
                .map(ProviderEntry::spec)
                .sorted(comparing(ProviderSpec::id))
                .toList();
        this.byName =
                entries.stream().collect(toUnmodifiableMap(entry -> entry.spec().name(), Function.identity()));
        this.byId =
                entries.stream().collect(toUnmodifiableMap(entry -> entry.spec().id(), Function.identity()));
        this.models = merge(configured);
        this.shortNames = shortNames();
        this.resolved = new HashMap<>();
        models.forEach((name, model) -> resolved.put(name, new Resolved(name, withFallbacks(model))));
        shortNames.forEach((name, model) -> resolved.put(name, new Resolved(name, withFallbacks(model))));
        this.councils = new HashMap<>();
        for (var model : models.values()) {
            var council = model.council();
            if (council != null) {
                councils.put(model.name(), council);
            }
        }
        this.routes = routes.stream().collect(toUnmodifiableMap(RouteSpec::name, Function.identity()));
        this.prices = prices;
        this.clock = clock;
    }

    /**
     * The same, with the models that servers have told of, by provider number. A name that is configured stays what it is;
     * one that several servers have is served by all of them.
     */
    Catalog with(Map<Integer, Discovered> nowDiscovered) {
        return discovered.isEmpty() && nowDiscovered.isEmpty()
                ? this
                : new Catalog(version, entries, configured, routes(), prices, clock, nowDiscovered);
    }

    /** The version of the stored rows it was made from. */
    public long version() {
        return version;
    }

    /** Every provider, also the disabled ones, by id. */
    public List<ProviderSpec> providers() {
        return providers;
    }

    /** The provider of this name. */
    public Optional<ProviderSpec> provider(String name) {
        return entry(name).map(ProviderEntry::spec);
    }

    /** The provider of this name, with where it comes from. */
    public Optional<ProviderEntry> entry(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** The provider of this number, with where it comes from. */
    public Optional<ProviderEntry> entry(int id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** The names that a provider lists, and those that its server has told of. */
    public List<String> names(ProviderSpec provider) {
        return Stream.concat(provider.models().stream(), discovered(provider).stream())
                .distinct()
                .toList();
    }

    /**
     * Every model that {@code config/models.yaml} names, a provider lists or its server has told of: those of the file
     * first, in its order.
     */
    public List<ModelSpec> models() {
        return List.copyOf(models.values());
    }

    /** The model of this name. */
    public Optional<ModelSpec> model(String name) {
        var exact = models.get(name);
        return Optional.ofNullable(exact == null ? shortNames.get(name) : exact);
    }

    /** Those who answer in the name of a model; null for a model that answers itself, and for a name that is none. */
    public @Nullable Council council(String name) {
        return councils.isEmpty() ? null : councils.get(name);
    }

    /** What {@code usage} of {@code model} (as the provider knows it) costs at {@code provider} today, in USD; 0 if nobody said. */
    public BigDecimal cost(String provider, String model, Usage usage) {
        return price(provider, model).map(price -> price.of(usage)).orElse(BigDecimal.ZERO);
    }

    /** What the name chooses from, if it stands for a choice among models. */
    public @Nullable RouteSpec route(String name) {
        return routes.get(name);
    }

    /** Every name that stands for a choice, by name. */
    public List<RouteSpec> routes() {
        return routes.values().stream().sorted(comparing(RouteSpec::name)).toList();
    }

    /** The price of {@code model} (as the provider knows it) at {@code provider} today; none if nobody said. */
    public Optional<Price> price(String provider, String model) {
        return prices.on(LocalDate.now(clock), provider, model);
    }

    /** Every price with its day, to price again what happened before today. */
    public Prices prices() {
        return prices;
    }

    /**
     * Whom to ask for a model. An exact name wins; then a provider's name alone stands for its default model; then
     * {@code provider:model}; then the provider {@code default} is asked for any name.
     *
     * @param name what the request calls the model; null or empty where it names a provider alone
     * @param provider the only provider that may answer; null for any
     * @return nothing if nobody knows the model, or there is no such provider
     */
    public Optional<Resolved> resolve(@Nullable String name, @Nullable String provider) {
        var asked = name == null ? "" : name;
        if (provider != null) {
            return at(provider, asked.startsWith(provider + ":") ? asked.substring(provider.length() + 1) : asked)
                    .map(only -> new Resolved(asked.isEmpty() ? only.model() : asked, enabled(only)));
        }
        var known = resolved.get(asked);
        if (known != null) {
            return known.candidates().isEmpty() ? lastResort(asked).or(() -> Optional.of(known)) : Optional.of(known);
        }
        return addressed(asked).map(only -> new Resolved(asked, enabled(only))).or(() -> lastResort(asked));
    }

    /**
     * Whom to ask for a model when others have failed: this provider. It is asked for its own default model where the name
     * means a model of others.
     *
     * @param name what the request calls the model
     */
    public Optional<Resolved> fallback(String name, String provider) {
        var theirs = ofOthers(name, provider);
        var own = provider(provider).map(ProviderSpec::defaultModel);
        return resolve(theirs.isPresent() ? own.orElse(theirs.get()) : name, provider);
    }

    /** The model's own name, if this provider does not serve it but others do, or it is addressed at one of them. */
    private Optional<String> ofOthers(String name, String provider) {
        var known = model(name);
        if (known.isPresent()) {
            return known.filter(model -> model.served().stream()
                            .noneMatch(served -> served.provider().equals(provider)))
                    .map(ModelSpec::name);
        }
        return addressed(name)
                .filter(at -> !at.provider().name().equals(provider))
                .map(Deployment::model);
    }

    /** The deployment that {@code provider:model}, or a provider's name alone, stands for; enabled or not. */
    private Optional<Deployment> addressed(String name) {
        var colon = name.indexOf(':');
        return colon < 0 ? at(name, "") : at(name.substring(0, colon), name.substring(colon + 1));
    }

    private Optional<Deployment> at(String provider, String model) {
        return provider(provider).flatMap(spec -> {
            var name = model.isEmpty() ? spec.defaultModel() : model;
            return name == null ? Optional.empty() : Optional.of(deployment(spec, name));
        });
    }

    private Deployment deployment(ProviderSpec provider, String name) {
        return model(name).stream()
                .flatMap(model -> model.served().stream()
                        .filter(served -> served.provider().equals(provider.name()))
                        .map(served -> new Deployment(provider, served.model(), model.settings())))
                .findFirst()
                .orElseGet(() -> new Deployment(provider, name));
    }

    private Optional<Resolved> lastResort(String name) {
        return provider(LAST_RESORT)
                .filter(spec -> spec.enabled() && !name.isEmpty())
                .map(spec -> new Resolved(name, List.of(new Deployment(spec, name))));
    }

    private static List<Deployment> enabled(Deployment deployment) {
        return deployment.provider().enabled() ? List.of(deployment) : List.of();
    }

    /** Its own providers, then those of the models that it falls back to, whose own fallbacks are not followed. */
    private List<Deployment> withFallbacks(ModelSpec model) {
        var others = model.fallbacks().stream()
                .flatMap(name -> Optional.ofNullable(models.get(name))
                        .map(this::candidates)
                        .or(() -> addressed(name).map(Catalog::enabled))
                        .stream())
                .flatMap(List::stream);
        return Stream.concat(candidates(model).stream(), others).distinct().toList();
    }

    private List<Deployment> candidates(ModelSpec model) {
        return model.served().stream()
                .flatMap(served ->
                        provider(served.provider())
                                .map(spec -> new Deployment(spec, served.model(), model.settings()))
                                .stream())
                .filter(deployment -> deployment.provider().enabled())
                .sorted(comparing(
                                (Deployment deployment) -> deployment.provider().priority())
                        .thenComparing(deployment -> deployment.provider().weight())
                        .reversed())
                .toList();
    }

    private Map<String, ModelSpec> merge(List<ModelSpec> configured) {
        var merged = new LinkedHashMap<String, ModelSpec>();
        configured.stream()
                .filter(model -> model.council() != null
                        || model.served().stream().anyMatch(served -> byName.containsKey(served.provider())))
                .forEach(model -> merged.put(model.name(), model));
        var listed = new LinkedHashMap<String, List<ModelSpec.Served>>();
        for (var entry : entries) {
            for (var model : entry.spec().models()) {
                listed.computeIfAbsent(model, _ -> new ArrayList<>())
                        .add(new ModelSpec.Served(entry.spec().name(), model));
            }
        }
        listed.forEach((name, served) ->
                merged.putIfAbsent(name, new ModelSpec(name, served, ModelSettings.NONE, List.of(), List.of(), 0)));
        var told = new LinkedHashMap<String, List<ModelSpec.Served>>();
        for (var entry : entries) {
            for (var model : discovered(entry.spec())) {
                told.computeIfAbsent(model, _ -> new ArrayList<>())
                        .add(new ModelSpec.Served(entry.spec().name(), model));
            }
        }
        told.forEach((name, served) ->
                merged.putIfAbsent(name, new ModelSpec(name, served, ModelSettings.NONE, List.of(), List.of(), 0)));
        merged.replaceAll((_, model) -> model.withCreated(since(model)));
        return merged;
    }

    private List<String> discovered(ProviderSpec provider) {
        var found = discovered.get(provider.id());
        return found != null && found.holdsFor(provider) ? found.models() : List.of();
    }

    /** To Ollama {@code llama3.2} is {@code llama3.2:latest}, which is how its server lists it. */
    private Map<String, ModelSpec> shortNames() {
        var names = new HashMap<String, ModelSpec>();
        entries.stream()
                .map(ProviderEntry::spec)
                .filter(provider -> provider.type() == ProviderType.OLLAMA)
                .flatMap(provider -> discovered(provider).stream())
                .filter(name -> name.endsWith(LATEST))
                .forEach(name -> {
                    var bare = name.substring(0, name.length() - LATEST.length());
                    var model = models.get(name);
                    if (model != null && !models.containsKey(bare)) {
                        names.put(bare, model);
                    }
                });
        return names;
    }

    /** A model is known here since the first of its providers is. */
    private long since(ModelSpec model) {
        var served = model.council() == null
                ? model.served().stream().flatMap(at -> entry(at.provider()).stream())
                : entries.stream();
        return served.mapToLong(entry -> entry.created().getEpochSecond()).min().orElse(0);
    }
}
