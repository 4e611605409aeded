package dev.caravan.route;

import dev.caravan.catalog.RouteSpec;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * In what order the models of a tier are asked, and why the first is first.
 *
 * @param options the first is the one to choose
 * @param why in words
 */
record Ranking(List<Option> options, String why) {

    Ranking {
        options = List.copyOf(options);
    }

    /** Puts at least one model in order; equals stay as they stand. */
    static Ranking of(List<Option> options, RouteSpec spec, Question question) {
        var ranked = options.stream().sorted(order(options, spec, question)).toList();
        var first = ranked.getFirst();
        return new Ranking(ranked, options.size() == 1 ? "the only one that is there" : why(first, spec, question));
    }

    private static Comparator<Option> order(List<Option> options, RouteSpec spec, Question question) {
        return switch (spec.prefer()) {
            case ORDER -> (_, _) -> 0;
            case CHEAPEST -> Comparator.comparing((Option option) -> option.cost(question));
            case FASTEST -> Comparator.comparingDouble(Ranking::wait);
            case WEIGHTED -> {
                var dearest = options.stream()
                        .mapToDouble(option -> cost(option, question))
                        .max()
                        .orElse(0);
                var slowest = options.stream().mapToDouble(Ranking::wait).max().orElse(0);
                yield Comparator.comparingDouble(option -> spec.costWeight() * part(cost(option, question), dearest)
                        + spec.latencyWeight() * part(wait(option), slowest));
            }
        };
    }

    private static String why(Option first, RouteSpec spec, Question question) {
        return switch (spec.prefer()) {
            case ORDER -> "the first of those that are there";
            case CHEAPEST -> "the cheapest, at about " + usd(first.cost(question)) + " USD";
            case FASTEST -> "the fastest, " + waits(first);
            case WEIGHTED ->
                "the best by cost and latency, at about " + usd(first.cost(question)) + " USD and " + waits(first);
        };
    }

    static String usd(BigDecimal cost) {
        return cost.stripTrailingZeros().toPlainString();
    }

    private static String waits(Option option) {
        return option.typicalMs().isPresent()
                ? String.format(
                        Locale.ROOT,
                        "with a median wait of %.0f ms",
                        option.typicalMs().getAsDouble())
                : "for all that is known: it has yet to be measured";
    }

    /** One that has yet to be measured comes first, or it would never be. */
    private static double wait(Option option) {
        return option.typicalMs().orElse(0);
    }

    private static double cost(Option option, Question question) {
        return option.cost(question).doubleValue();
    }

    private static double part(double value, double whole) {
        return whole == 0 ? 0 : value / whole;
    }
}
