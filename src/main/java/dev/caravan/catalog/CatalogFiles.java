package dev.caravan.catalog;

import dev.caravan.reload.ConfigError;
import dev.caravan.reload.FileText;
import dev.caravan.reload.SettledFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads {@code providers.yaml}, {@code models.yaml} and {@code prices.yaml} of a folder, and the environment. */
public final class CatalogFiles {

    static final List<String> NAMES = List.of("providers.yaml", "models.yaml", "prices.yaml");

    /** The provider that {@code BASE_URL} and {@code API_KEY} make. */
    private static final String FROM_ENVIRONMENT = "default";

    private static final List<String> MODEL_NAMES = List.of(
            "name",
            "provider",
            "providers",
            "path",
            "max_tokens",
            "context_window",
            "supported_tasks",
            "parameters",
            "fallbacks",
            "unsupported",
            "route");
    private static final List<String> COUNCIL_NAMES = List.of("name", "council", "supported_tasks");
    private static final int MOST_TOKENS = 100_000_000;
    private static final int MOST_USD = 1_000_000;

    /** What came of reading. */
    public sealed interface Result permits Values, Wrong {}

    /** The files are right. A file that is not there says nothing. */
    public record Values(List<Given> providers, List<ModelSpec> models, List<RouteSpec> routes, List<Prices.Row> prices)
            implements Result {

        public Values {
            providers = List.copyOf(providers);
            models = List.copyOf(models);
            routes = List.copyOf(routes);
            prices = List.copyOf(prices);
        }
    }

    /** The files are wrong, in at least one place. */
    public record Wrong(List<ConfigError> errors) implements Result {}

    /**
     * A provider, and whether the file or the environment gave it.
     *
     * @param ofThisRun whether its base url is the simulator's, which is another one in every run
     */
    public record Given(ProviderSettings settings, ProviderSource source, boolean ofThisRun) {}

    /** The base url of the simulator of this run, as {@code providers.yaml} may name it. */
    private static final String SIMULATOR_URL = "caravan.simulator.url";

    private final Path configDir;
    private final Map<Path, FileText> texts;
    private final Function<String, @Nullable String> lookup;
    private final List<ConfigError> errors = new ArrayList<>();
    private final List<Given> providers = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    /** While providers are wrong, nobody can say which of them are missing. */
    private boolean providersAreKnown;

    private CatalogFiles(Path configDir, Map<Path, FileText> texts, Function<String, @Nullable String> lookup) {
        this.configDir = configDir;
        this.texts = texts;
        this.lookup = lookup;
    }

    /**
     * Reads the three files. {@code ${NAME}} and {@code ${NAME:default}} in a value stand for what {@code lookup} knows
     * by that name. With {@code BASE_URL} set there is a provider {@code default} too.
     */
    public static Result read(Path configDir, Function<String, @Nullable String> lookup) {
        var files = new SettledFiles();
        files.now(paths(configDir));
        return read(configDir, files.texts(), lookup);
    }

    /** The same, of what was read already. */
    static Result read(Path configDir, Map<Path, FileText> texts, Function<String, @Nullable String> lookup) {
        return new CatalogFiles(configDir, texts, lookup).read();
    }

    static List<Path> paths(Path configDir) {
        return NAMES.stream().map(configDir::resolve).toList();
    }

    private Result read() {
        fromEnvironment();
        items("providers.yaml", "providers", this::provider);
        providersAreKnown = errors.isEmpty();
        var models = new ArrayList<ModelSpec>();
        var routes = new ArrayList<RouteSpec>();
        var councils = new LinkedHashMap<Fields, Council>();
        items(
                "models.yaml",
                "models",
                fields -> {
                    if (fields.has("route")) {
                        routes.add(route(fields, models, routes));
                        return;
                    }
                    var model = model(fields, models, routes);
                    models.add(model);
                    if (model.council() != null) {
                        councils.put(fields, model.council());
                    }
                },
                () -> councils.forEach((fields, council) -> choosesNobody(fields, council, models, routes)));
        if (isAutoFree(models, routes)) {
            routes.add(RouteForm.fromEnvironment(lookup));
        }
        var prices = new ArrayList<Prices.Row>();
        items("prices.yaml", "prices", fields -> price(fields, prices));
        return errors.isEmpty() ? new Values(providers, models, routes, prices) : new Wrong(List.copyOf(errors));
    }

    private void fromEnvironment() {
        var url = text("BASE_URL");
        if (url.isEmpty()) {
            return;
        }
        var problems = new Problems();
        var members = new HashMap<String, Node.Member>();
        members.put("name", member(FROM_ENVIRONMENT));
        members.put("type", member(ProviderType.OPENAI_COMPATIBLE.text()));
        members.put("base_url", member(url));
        members.put("api_key", member(text("API_KEY")));
        members.put("discover", new Node.Member(1, new Node.Scalar(1, Node.Kind.FLAG, "true")));
        var settings = ProviderForm.read(new Fields(new Node.Mapping(1, members), "", false, problems));
        problems.all()
                .forEach(problem -> errors.add(new ConfigError(
                        "environment",
                        null,
                        null,
                        problem.message().replace("'base_url'", "'BASE_URL'").replace("'api_key'", "'API_KEY'"))));
        providers.add(new Given(settings, ProviderSource.ENVIRONMENT, false));
        names.add(FROM_ENVIRONMENT);
    }

    private String text(String variable) {
        var value = lookup.apply(variable);
        return value == null ? "" : value.strip();
    }

    private static Node.Member member(String text) {
        return new Node.Member(1, new Node.Scalar(1, Node.Kind.TEXT, text));
    }

    /** Hands each item of a file's only list to {@code use}, and keeps whatever is wrong. */
    private void items(String name, String list, Consumer<Fields> use) {
        items(name, list, use, () -> {});
    }

    /** @param then what is looked at when all items are known */
    private void items(String name, String list, Consumer<Fields> use, Runnable then) {
        var file = configDir.resolve(name);
        var problems = new Problems();
        contents(file, problems)
                .flatMap(text -> NodeReader.yaml(text, lookup, problems))
                .flatMap(root -> Fields.of(root, "", false, problems))
                .ifPresent(fields -> {
                    fields.only(List.of(list));
                    if (!fields.has(list)) {
                        fields.wrong(list, "'" + list + ":' is missing; write '" + list + ": []' for none");
                    }
                    fields.sections(list).forEach(use);
                    then.run();
                });
        problems.all().stream()
                .map(problem -> new ConfigError(file.toString(), problem.line(), problem.column(), problem.message()))
                .distinct()
                .forEach(errors::add);
    }

    private Optional<String> contents(Path file, Problems problems) {
        var read = texts.get(file);
        if (read == null) {
            return Optional.empty();
        }
        if (read.problem() != null) {
            problems.add(1, "", read.problem());
            return Optional.empty();
        }
        return Optional.of(read.text());
    }

    private boolean ofThisRun(ProviderSettings settings) {
        var simulator = lookup.apply(SIMULATOR_URL);
        return simulator != null && settings.baseUrl().equals(simulator.replaceAll("/+$", ""));
    }

    private void provider(Fields fields) {
        var automatic = fields.text("enabled").filter("auto"::equals).isPresent();
        if (automatic && fields.has("base_url") && fields.isEmpty("base_url")) {
            fields.text("name").ifPresent(names::add); // left out, but models may name it
            return;
        }
        var settings = ProviderForm.read(automatic ? fields.without("enabled") : fields);
        if (!settings.name().isEmpty() && !names.add(settings.name())) {
            fields.wrong(
                    "name",
                    settings.name().equals(FROM_ENVIRONMENT)
                            ? "'default' stands here twice, or BASE_URL is set, which makes a provider of this name"
                            : "a provider '" + settings.name() + "' stands here twice");
        }
        if (!automatic || settings.apiKey() != null || !fields.has("api_key")) {
            providers.add(new Given(settings, ProviderSource.FILE, ofThisRun(settings)));
        }
    }

    private static RouteSpec route(Fields fields, List<ModelSpec> models, List<RouteSpec> before) {
        var route = RouteForm.read(fields);
        onlyOnce(fields, route.name(), models, before);
        return route;
    }

    private static boolean isAutoFree(List<ModelSpec> models, List<RouteSpec> routes) {
        return routes.stream().noneMatch(route -> route.name().equals(RouteSpec.AUTO))
                && models.stream().noneMatch(model -> model.name().equals(RouteSpec.AUTO));
    }

    /** A choice might fall on the council itself: who sits in one is named. A council has no vectors. */
    private static void choosesNobody(Fields fields, Council council, List<ModelSpec> models, List<RouteSpec> routes) {
        council.models().stream()
                .filter(name -> routes.stream().anyMatch(route -> route.name().equals(name))
                        || name.equals(RouteSpec.AUTO) && isAutoFree(models, routes))
                .distinct()
                .forEach(name -> fields.wrong("council", CouncilForm.choice(name)));
        var embeddings = council.embeddings();
        if (embeddings != null
                && models.stream()
                        .anyMatch(
                                model -> model.council() != null && model.name().equals(embeddings.model()))) {
            fields.wrong("council", EmbeddingsForm.council(embeddings.model()));
        }
    }

    private static void onlyOnce(Fields fields, String name, List<ModelSpec> models, List<RouteSpec> routes) {
        if (models.stream().anyMatch(model -> model.name().equals(name))
                || routes.stream().anyMatch(route -> route.name().equals(name))) {
            fields.wrong("name", "a model '" + name + "' stands here twice");
        }
    }

    private ModelSpec model(Fields fields, List<ModelSpec> before, List<RouteSpec> routes) {
        fields.only(fields.has("council") ? COUNCIL_NAMES : MODEL_NAMES);
        fields.require("name");
        var name = fields.text("name").orElse("");
        onlyOnce(fields, name, before, routes);
        if (fields.has("council")) {
            return council(fields, name, before);
        }
        var path = fields.text("path").orElse(name);
        var served = new ArrayList<ModelSpec.Served>();
        fields.text("provider").ifPresent(provider -> served.add(served(fields, "provider", provider, path)));
        if (fields.has("provider") && fields.has("providers")) {
            fields.wrong("providers", "either 'provider' or 'providers', not both");
        } else {
            for (var node : fields.nodes("providers").orElse(List.of())) {
                served.add(served(fields, node, path));
            }
        }
        if (served.isEmpty()) {
            fields.wrong("provider", "'provider' or 'providers' must say who serves the model");
        }
        return new ModelSpec(
                name,
                served,
                new ModelSettings(
                        fields.integer("max_tokens", 1, MOST_TOKENS).orElse(null),
                        Parameters.read(fields, "parameters"),
                        fields.whenUnsupported("unsupported").orElse(null),
                        fields.integer("context_window", 1, MOST_TOKENS).orElse(null)),
                fields.texts("supported_tasks").orElse(List.of()),
                fallbacks(fields, name),
                0);
    }

    private static ModelSpec council(Fields fields, String name, List<ModelSpec> before) {
        var council = fields.section("council").flatMap(CouncilForm::read);
        if (council.isEmpty()) {
            return new ModelSpec(name, List.of(), ModelSettings.NONE, List.of(), List.of(), 0); // told already
        }
        var spec = ModelSpec.of(
                name, council.get(), fields.texts("supported_tasks").orElse(List.of()));
        CouncilCycle.of(spec, before)
                .ifPresent(way -> fields.wrong(
                        "council",
                        "a council cannot be a member of itself, but " + String.join(" asks ", way) + " asks " + name));
        return spec;
    }

    private static List<String> fallbacks(Fields fields, String name) {
        var fallbacks = fields.texts("fallbacks").orElse(List.of());
        if (fallbacks.contains(name)) {
            fields.wrong("fallbacks", "'" + name + "' cannot fall back to itself");
        }
        return fallbacks;
    }

    /** A provider's name, or its name and the path that holds there. */
    private ModelSpec.Served served(Fields fields, Node node, String path) {
        if (node instanceof Node.Scalar(int _, Node.Kind _, String provider)) {
            return served(fields, "providers", provider, path);
        }
        var own = fields.within(node, "providers");
        own.ifPresent(at -> {
            at.only(List.of("name", "path"));
            at.require("name");
        });
        return own.map(at -> served(
                        at, "name", at.text("name").orElse(""), at.text("path").orElse(path)))
                .orElse(new ModelSpec.Served("", path));
    }

    private ModelSpec.Served served(Fields fields, String field, String provider, String path) {
        if (providersAreKnown && !names.contains(provider)) {
            fields.wrong(field, "there is no provider '" + provider + "' in providers.yaml");
        }
        return new ModelSpec.Served(provider, path);
    }

    private void price(Fields fields, List<Prices.Row> prices) {
        fields.only(List.of("provider", "model", "from", "input", "output", "cached_input"));
        List.of("provider", "model", "from", "input", "output").forEach(fields::require);
        var provider = fields.text("provider").orElse("");
        var model = fields.text("model").orElse("");
        fields.decimal("input", 0, MOST_USD)
                .ifPresent(input -> fields.decimal("output", 0, MOST_USD)
                        .ifPresent(output -> fields.date("from").ifPresent(from -> {
                            var cached =
                                    fields.decimal("cached_input", 0, MOST_USD).orElse(null);
                            if (prices.stream()
                                    .anyMatch(row -> row.provider().equals(provider)
                                            && row.model().equals(model)
                                            && row.from().equals(from))) {
                                fields.wrong(
                                        "from", "two prices of '" + model + "' at '" + provider + "' begin on " + from);
                            }
                            prices.add(new Prices.Row(provider, model, from, new Price(input, output, cached)));
                        })));
    }
}
