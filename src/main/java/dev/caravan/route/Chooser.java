package dev.caravan.route;

import dev.caravan.catalog.Catalog;
import dev.caravan.catalog.Council;
import dev.caravan.catalog.ModelSpec;
import dev.caravan.catalog.Price;
import dev.caravan.catalog.ProviderSpec;
import dev.caravan.catalog.RouteSpec;
import dev.caravan.catalog.Tier;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ChatRequest;
import dev.caravan.chat.ErrorCode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Chooses a model for a request whose model is a name that stands for several: first it is weighed, then the tier is taken (the
 * routes say how), then one of its models. Asks nobody. Thread-safe.
 */
public final class Chooser {

    /** What came of weighing a request. */
    public sealed interface Weighing {

        record Done(Weighed weighed) implements Weighing {}

        record Refused(ChatError error) implements Weighing {}
    }

    /** What came of choosing. */
    public sealed interface Choosing {

        record Chosen(Decision decision) implements Choosing {}

        record Nobody(ChatError error) implements Choosing {}
    }

    private static final int ANY_OF_A_TIER = 5;
    private static final int USUAL_CHARACTERS = 2_000;

    private final Analyst analyst;
    private final Latencies latencies;
    private final Map<String, StrongCalls> strongCalls = new ConcurrentHashMap<>();

    public Chooser(Analyst analyst, Latencies latencies) {
        this.analyst = analyst;
        this.latencies = latencies;
    }

    /**
     * Looks at a request.
     *
     * @param spec what its model stands for
     * @param header what the header {@link Steering#HEADER} says
     */
    public Weighing weigh(ChatRequest request, RouteSpec spec, @Nullable String header) {
        var context = request.source().value("context").orElse(null);
        return switch (Steering.read(header, context)) {
            case Steering.Reading.Wrong(var error) -> new Weighing.Refused(error);
            case Steering.Reading.Read(var steering) -> {
                var question = Question.of(request);
                var calls = strongCalls(spec);
                yield new Weighing.Done(new Weighed(
                        spec,
                        question,
                        steering,
                        analyst.analyse(question, steering.task()),
                        calls.threshold(spec),
                        calls.isUsedUp(spec),
                        request.extensions().provider()));
            }
        };
    }

    /** What a request looks like, whatever model it names. */
    public Analysis analyse(ChatRequest request) {
        return analyst.analyse(Question.of(request), null);
    }

    /** Takes a model of a tier, or of another one where that has none that will do. */
    public Choosing choose(Weighed weighed, Tier tier, Catalog catalog) {
        var there = new ArrayList<Option>();
        var fitting = new ArrayList<Option>();
        var reasons = new ArrayList<>(weighed.analysis().reasons());
        reasons.add(whyTier(weighed, tier));
        for (var each : from(tier)) {
            var options = options(weighed, each, catalog);
            var fit = options.stream().filter(option -> fits(option, weighed)).toList();
            there.addAll(options);
            if (!fit.isEmpty()) {
                var ranking = Ranking.of(fit, weighed.spec(), weighed.question());
                if (fitting.isEmpty()) {
                    reasons.add(whyModel(ranking, each, tier));
                }
                fitting.addAll(ranking.options());
            }
        }
        return fitting.isEmpty()
                ? new Choosing.Nobody(nobody(weighed, there))
                : new Choosing.Chosen(new Decision(weighed, tier, followed(distinct(fitting), catalog), reasons));
    }

    /** Notes a request that is asked now, so that the share of strong calls is kept. */
    public void note(Decision decision) {
        if (decision.weighed().isByScore()) {
            strongCalls(decision.weighed().spec())
                    .note(decision.weighed().analysis().score(), decision.tier() == Tier.REASONING);
        }
    }

    /** The models of a tier as they stand now, for a request of usual size. */
    Ranking ranking(RouteSpec spec, Tier tier, Catalog catalog) {
        var usual = new Question("", USUAL_CHARACTERS, 1, 0, 0, false, 0, true);
        var options = options(spec, tier, catalog, null);
        return options.isEmpty() ? new Ranking(List.of(), "none is there") : Ranking.of(options, spec, usual);
    }

    /** The providers that would be asked first, of the models of any tier. */
    public List<ProviderSpec> providers(RouteSpec spec, Catalog catalog) {
        return Arrays.stream(Tier.values())
                .flatMap(tier -> options(spec, tier, catalog, null).stream())
                .map(option -> option.first().provider())
                .distinct()
                .toList();
    }

    StrongCalls strongCalls(RouteSpec spec) {
        return strongCalls.computeIfAbsent(spec.name(), _ -> new StrongCalls(analyst.weights()));
    }

    private static List<Tier> from(Tier tier) {
        return switch (tier) {
            case LIGHTWEIGHT -> List.of(Tier.LIGHTWEIGHT, Tier.REASONING, Tier.MULTIMODAL);
            case REASONING -> List.of(Tier.REASONING, Tier.LIGHTWEIGHT, Tier.MULTIMODAL);
            case MULTIMODAL -> List.of(Tier.MULTIMODAL, Tier.REASONING, Tier.LIGHTWEIGHT);
        };
    }

    private static List<Option> distinct(List<Option> options) {
        var names = new LinkedHashSet<String>();
        return options.stream().filter(option -> names.add(option.model())).toList();
    }

    /** A council is chosen or left: nobody is asked after it, and it is asked after nobody. */
    private static List<Option> followed(List<Option> options, Catalog catalog) {
        return catalog.council(options.getFirst().model()) != null
                ? options.subList(0, 1)
                : options.stream()
                        .filter(option -> catalog.council(option.model()) == null)
                        .toList();
    }

    private List<Option> options(Weighed weighed, Tier tier, Catalog catalog) {
        var provider = weighed.provider();
        // one that is not known is told by the planner
        var only = provider != null && catalog.provider(provider).isPresent() ? provider : null;
        return options(weighed.spec(), tier, catalog, only).stream()
                .filter(option ->
                        weighed.question().chat() && provider == null || catalog.council(option.model()) == null)
                .toList();
    }

    private List<Option> options(RouteSpec spec, Tier tier, Catalog catalog, @Nullable String provider) {
        return spec.models().isEmpty()
                ? ofAll(tier, catalog, provider)
                : spec.of(tier).stream()
                        .flatMap(name -> option(name, catalog, provider).stream())
                        .toList();
    }

    /** Where nobody has said which models there are to choose from: of all the cheapest, or the dearest. */
    private List<Option> ofAll(Tier tier, Catalog catalog, @Nullable String provider) {
        Comparator<Option> byPrice = Comparator.comparing(option ->
                option.price().map(price -> price.input().add(price.output())).orElse(BigDecimal.ZERO));
        return catalog.models().stream()
                .filter(model -> model.council() == null)
                .flatMap(model -> option(model.name(), catalog, provider).stream())
                .sorted(tier == Tier.LIGHTWEIGHT ? byPrice : byPrice.reversed())
                .limit(ANY_OF_A_TIER)
                .toList();
    }

    private Optional<Option> option(String name, Catalog catalog, @Nullable String provider) {
        if (catalog.route(name) != null) {
            return Optional.empty();
        }
        var council = catalog.council(name);
        if (council != null) {
            return together(name, council, catalog);
        }
        var candidates = catalog.resolve(name, null).stream()
                .flatMap(resolved -> resolved.candidates().stream())
                .filter(candidate ->
                        provider == null || candidate.provider().name().equals(provider))
                .toList();
        if (candidates.isEmpty()) {
            return Optional.empty();
        }
        var first = candidates.getFirst();
        var at = first.provider().name();
        return Optional.of(new Option(
                name,
                candidates,
                catalog.price(at, first.model()),
                latencies.of(at, first.model()),
                catalog.model(name).map(ModelSpec::supportedTasks).orElse(List.of())));
    }

    /** A council as one of the models: all of it costs, and is there as long as one of its members is. */
    private Optional<Option> together(String name, Council council, Catalog catalog) {
        var members = council.members().stream()
                .flatMap(member -> option(member.model(), catalog, null).stream())
                .toList();
        return members.isEmpty()
                ? Optional.empty()
                : Optional.of(new Option(
                        name,
                        members.stream().map(Option::first).distinct().toList(),
                        members.stream()
                                .flatMap(member -> member.price().stream())
                                .reduce(Chooser::sum),
                        Latencies.Waits.UNKNOWN,
                        catalog.model(name).map(ModelSpec::supportedTasks).orElse(List.of())));
    }

    private static Price sum(Price one, Price other) {
        return new Price(one.input().add(other.input()), one.output().add(other.output()), null);
    }

    private static boolean fits(Option option, Weighed weighed) {
        var most = weighed.steering().maxCost();
        return option.can(weighed.required())
                && (most == null || option.cost(weighed.question()).compareTo(most) <= 0);
    }

    private static String whyTier(Weighed weighed, Tier tier) {
        if (weighed.getTierSaid() != null) {
            return "the caller asks for the tier " + tier.text();
        }
        if (weighed.isSeeing()) {
            return "the model has to see: tier " + tier.text();
        }
        var score = weighed.analysis().score();
        var compared = String.format(
                Locale.ROOT,
                "score %.3f is %s the threshold %.3f",
                score,
                score > weighed.threshold() ? "above" : "not above",
                weighed.threshold());
        return score > weighed.threshold() && weighed.shareUsedUp()
                ? compared + ", but strong models have had their share of the last requests: tier " + tier.text()
                : compared + ": tier " + tier.text();
    }

    private static String whyModel(Ranking ranking, Tier found, Tier wanted) {
        var model = "'" + ranking.options().getFirst().model() + "'";
        return found == wanted
                ? model + " of the " + found.text() + " models: " + ranking.why()
                : "no " + wanted.text() + " model will do; " + model + " of the " + found.text() + " ones: "
                        + ranking.why();
    }

    private static ChatError nobody(Weighed weighed, List<Option> there) {
        var name = weighed.spec().name();
        var able =
                there.stream().filter(option -> option.can(weighed.required())).toList();
        if (there.isEmpty()) {
            return ChatError.of(
                            ErrorCode.SERVICE_UNAVAILABLE,
                            "None of the models that '" + name + "' chooses from is there; GET /health lists them.")
                    .withCause("no_model");
        }
        if (able.isEmpty()) {
            return ChatError.invalid(
                    "context.requires",
                    "None of the models that '" + name + "' chooses from can do "
                            + String.join(" and ", weighed.required()) + ".");
        }
        var cheapest = able.stream()
                .min(Comparator.comparing(option -> option.cost(weighed.question())))
                .orElseThrow();
        return ChatError.invalid(
                "context.max_cost",
                "None of the models that '" + name + "' chooses from answers for so little; the cheapest is '"
                        + cheapest.model() + "' for about " + Ranking.usd(cheapest.cost(weighed.question())) + " USD.");
    }
}
