package bench;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The CPU per request of one target divided by that of another, in each round.
 *
 * @param names of both
 * @param rounds none of them NaN
 */
record Quotient(Case what, String names, List<Double> rounds) {

    static Quotient of(Group one, Group other) {
        var rounds = IntStream.range(0, Math.min(one.rounds().size(), other.rounds().size()))
                .mapToDouble(i -> one.rounds().get(i).cpu() / other.rounds().get(i).cpu())
                .filter(Double::isFinite)
                .boxed()
                .toList();
        return new Quotient(
                one.what(), one.target().name() + " / " + other.target().name(), rounds);
    }

    Spread spread() {
        return Spread.of(figures());
    }

    double mean() {
        return figures().average().orElse(Double.NaN);
    }

    /** Of the mean. */
    double standardError() {
        var mean = mean();
        var squares = figures().map(figure -> (figure - mean) * (figure - mean)).sum();
        return Math.sqrt(squares / (rounds.size() - 1) / rounds.size());
    }

    private DoubleStream figures() {
        return rounds.stream().mapToDouble(Double::doubleValue);
    }
}
