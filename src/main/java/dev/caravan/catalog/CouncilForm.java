package dev.caravan.catalog;

import dev.caravan.catalog.Council.Compare;
import dev.caravan.catalog.Council.Member;
import dev.caravan.catalog.Council.Mode;
import dev.caravan.catalog.Council.Strategy;
import dev.caravan.catalog.Council.Task;
import dev.caravan.chat.ChatError;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads what people say about a council: the same fields in {@code models.yaml} and in a request. */
public final class CouncilForm {

    /** What came of reading. */
    public sealed interface Filled {

        record Right(Council council) implements Filled {}

        /** The error names the first field that is wrong. */
        record Wrong(ChatError error) implements Filled {}
    }

    /**
     * What there is, where that is to be checked.
     *
     * @param model whether a model has this name
     * @param choice whether the name stands for a choice among models, which a member may not be
     * @param council whether the name is that of a council
     * @param task whether a task has this name
     */
    public record Known(
            Predicate<String> model, Predicate<String> choice, Predicate<String> council, Predicate<String> task) {}

    private static final int MOST_MEMBERS = 64;
    private static final int MOST_ROUNDS = 10;
    private static final int USUAL_ROUNDS = 3;
    private static final int MOST = 1_000_000;
    private static final Known ANYTHING = new Known(_ -> true, _ -> false, _ -> false, _ -> true);

    private static final Map<Mode, List<Strategy>> STRATEGIES = Map.of(
            Mode.PARALLEL, List.of(Strategy.values()),
            Mode.SEQUENTIAL, List.of(Strategy.ENSEMBLE, Strategy.WEIGHTED, Strategy.SELECTIVE),
            Mode.PIPELINE, List.of(),
            Mode.CASCADE, List.of());

    private final Fields fields;
    private final @Nullable Council base;
    private final Known known;

    private CouncilForm(Fields fields, @Nullable Council base, Known known) {
        this.fields = fields;
        this.base = base;
        this.known = known;
    }

    /** Reads a council of a file; whatever is wrong goes to the problems of {@code fields}. */
    static Optional<Council> read(Fields fields) {
        return new CouncilForm(fields, null, ANYTHING).council();
    }

    /**
     * Reads what a request says.
     *
     * @param json an object
     * @param prefix put before the names of fields in errors, such as {@code cooperation.}
     * @param base the council that the request names, of which it may change a few things; null if it names none
     */
    public static Filled read(byte[] json, String prefix, @Nullable Council base, Known known) {
        var problems = new Problems();
        var council = NodeReader.json(json, problems)
                .flatMap(root -> Fields.of(root, prefix, true, problems))
                .flatMap(fields -> new CouncilForm(withoutNulls(fields), base, known).council());
        return problems.all().stream()
                .findFirst()
                .<Filled>map(problem -> wrong(problem.path().replaceAll("\\.$", ""), problem.message()))
                .orElseGet(() -> new Filled.Right(council.orElseThrow()));
    }

    /** A null says nothing. */
    private static Fields withoutNulls(Fields fields) {
        var said = fields;
        for (var name : List.copyOf(fields.members().keySet())) {
            said = fields.isNull(name) ? said.without(name) : said;
        }
        return said;
    }

    private static Filled wrong(String field, String message) {
        return new Filled.Wrong(ChatError.invalid(field, "Invalid value for '" + field + "': " + message + "."));
    }

    /** Nothing only if something is wrong. */
    private Optional<Council> council() {
        var mode = one("mode", Mode.values(), Mode::text).orElse(base == null ? Mode.PARALLEL : base.mode());
        var steps = either("steps", "pipeline_config");
        var strategyName = either("strategy", "integration_strategy");
        fields.only(namesOf(mode, steps, strategyName));
        var strategy = strategy(mode, strategyName);
        var members = members(mode == Mode.PIPELINE ? steps : "models", mode);
        var same = base != null && base.mode() == mode ? base : null;
        if (members.isEmpty()) {
            return Optional.empty();
        }
        if (mode == Mode.CASCADE && !fields.has("check") && (same == null || same.check() == null)) {
            fields.wrong("check", "'check' is missing: it decides whether an answer is good enough");
        }
        if (fields.has("rounds") && strategy != Strategy.CONSENSUS) {
            fields.wrong("rounds", "'rounds' belong to the strategy 'consensus'");
        }
        if (fields.has("judge") && strategy != Strategy.SELECTIVE && strategy != Strategy.ENSEMBLE) {
            fields.wrong("judge", "a 'judge' belongs to the strategies 'selective' and 'ensemble'");
        }
        var old = base == null ? Optional.<Council>empty() : Optional.of(base);
        return Optional.of(new Council(
                mode,
                strategy,
                members,
                model("judge").or(() -> old.map(Council::judge)).orElse(null),
                fields.integer("quorum", 1, members.size())
                        .orElse(same == null || members != same.members() ? null : same.quorum()),
                fields.duration("deadline", false)
                        .or(() -> old.map(Council::deadline))
                        .orElse(null),
                fields.integer("rounds", 1, MOST_ROUNDS).orElse(base == null ? USUAL_ROUNDS : base.rounds()),
                positive(fields, "max_cost", MOST)
                        .or(() -> old.map(Council::maxCost))
                        .orElse(null),
                fields.integer("concurrency", 1, MOST_MEMBERS).orElse(base == null ? MOST_MEMBERS : base.concurrency()),
                one("compare", Compare.values(), Compare::text).orElse(base == null ? Compare.AUTO : base.compare()),
                EmbeddingsForm.read(fields, known)
                        .or(() -> old.map(Council::embeddings))
                        .orElse(null),
                fields.section("check")
                        .map(at -> CheckForm.read(at, fields, known))
                        .orElse(same == null ? null : same.check()),
                fields.flag("answers").orElse(base != null && base.answers())));
    }

    /** A field that makes no sense here is refused rather than passed over. */
    private static List<String> namesOf(Mode mode, String steps, String strategy) {
        var names = new ArrayList<>(List.of("mode"));
        names.addAll(
                switch (mode) {
                    case PARALLEL ->
                        List.of(
                                "models",
                                strategy,
                                "judge",
                                "quorum",
                                "rounds",
                                "concurrency",
                                "compare",
                                "embeddings");
                    case SEQUENTIAL -> List.of("models", strategy, "judge", "quorum", "compare", "embeddings");
                    case PIPELINE -> List.of(steps);
                    case CASCADE -> List.of("models", "check", "compare");
                });
        names.addAll(List.of("deadline", "max_cost", "answers"));
        return names;
    }

    /** The name by which a field is called that has two. */
    private String either(String name, String other) {
        if (fields.has(name) && fields.has(other)) {
            fields.wrong(other, "either '" + name + "' or '" + other + "', not both");
        }
        return fields.has(other) ? other : name;
    }

    private @Nullable Strategy strategy(Mode mode, String name) {
        var allowed = STRATEGIES.getOrDefault(mode, List.of());
        if (allowed.isEmpty()) {
            return null;
        }
        var given = one(name, allowed.toArray(Strategy[]::new), Strategy::text);
        if (given.isPresent()) {
            return given.get();
        }
        return base != null && base.mode() == mode && base.strategy() != null ? base.strategy() : allowed.getFirst();
    }

    private List<Member> members(String name, Mode mode) {
        if (!fields.has(name) && base != null && (base.mode() == Mode.PIPELINE) == (mode == Mode.PIPELINE)) {
            return base.members();
        }
        var nodes = fields.nodes(name);
        if (nodes.isEmpty()) {
            if (!fields.has(name)) {
                fields.wrong(name, "'" + name + "' is missing: a list of models that work together");
            }
            return List.of();
        }
        if (nodes.get().isEmpty() || nodes.get().size() > MOST_MEMBERS) {
            fields.wrong(name, "'" + name + "' must hold from 1 to " + MOST_MEMBERS + " models");
            return List.of();
        }
        var members = new ArrayList<Member>();
        for (var i = 0; i < nodes.get().size(); i++) {
            var node = nodes.get().get(i);
            members.add(mode == Mode.PIPELINE ? step(name + "[" + i + "]", node) : member(name + "[" + i + "]", node));
        }
        return members;
    }

    private Member member(String place, Node node) {
        if (node instanceof Node.Scalar scalar) {
            fields.at(place, node).text(place).ifPresent(model -> check(fields, place, model));
            return new Member(scalar.text(), BigDecimal.ONE, null);
        }
        return fields.within(node, place)
                .map(at -> {
                    at.only(List.of("model", "weight"));
                    at.require("model");
                    return new Member(named(at), positive(at, "weight", MOST).orElse(BigDecimal.ONE), null);
                })
                .orElse(new Member("", BigDecimal.ONE, null));
    }

    private Member step(String place, Node node) {
        return fields.within(node, place)
                .map(at -> {
                    at.only(List.of("model", "task", "params"));
                    at.require("model");
                    at.require("task");
                    var task = at.text("task").orElse("");
                    if (at.has("task") && !known.task().test(task)) {
                        at.wrong("task", "there is no task '" + task + "' in config/prompts/tasks");
                    }
                    return new Member(named(at), BigDecimal.ONE, new Task(task, Parameters.read(at, "params")));
                })
                .orElse(new Member("", BigDecimal.ONE, null));
    }

    private String named(Fields at) {
        var model = at.text("model").orElse("");
        if (at.has("model")) {
            check(at, "model", model);
        }
        return model;
    }

    private void check(Fields at, String field, String model) {
        check(at, field, model, known);
    }

    static void check(Fields at, String field, String model, Known known) {
        if (model.isBlank()) {
            at.wrong(field, "a model's name must not be empty");
        } else if (known.choice().test(model)) {
            at.wrong(field, choice(model));
        } else if (!known.model().test(model)) {
            at.wrong(field, "there is no model '" + model + "'; GET /v1/models lists those that there are");
        }
    }

    static String choice(String name) {
        return "'" + name + "' stands for a choice among models; those of a council are named themselves";
    }

    private Optional<String> model(String field) {
        var model = fields.text(field);
        model.ifPresent(name -> check(fields, field, name));
        return model;
    }

    static Optional<BigDecimal> positive(Fields at, String field, int most) {
        var number = at.decimal(field, 0, most);
        if (number.isPresent() && number.get().signum() <= 0) {
            at.wrong(field, "'" + field + "' must be greater than 0");
        }
        return number;
    }

    private <T> Optional<T> one(String name, T[] values, Function<T, String> text) {
        return fields.text(name).flatMap(given -> {
            var found = Arrays.stream(values)
                    .filter(each -> text.apply(each).equals(given))
                    .findFirst();
            if (found.isEmpty()) {
                fields.wrong(
                        name,
                        "'" + name + "' must be one of "
                                + Arrays.stream(values).map(text).collect(Collectors.joining(", ")));
            }
            return found;
        });
    }
}
