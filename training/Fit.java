package training;

import dev.caravan.route.Weights.Term;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Fits weights to questions. The same questions give the same weights. */
final class Fit {

    private static final int STEPS = 25;
    private static final double FARTHEST = 4;
    private static final double CONVERGED = 1e-4;

    private final double[][] rows;
    private final double[] means;
    private final double[] deviations;
    private final List<String> names;
    private final int[] places;

    /** @param all the names of all features, in the order of their values */
    Fit(List<Sample> samples, List<String> all, List<String> used) {
        places = used.stream().mapToInt(all::indexOf).toArray();
        var values = samples.stream().map(sample -> sample.features().values()).toArray(double[][]::new);
        var count = values.length;
        var kept = IntStream.range(0, places.length)
                .filter(j -> {
                    var first = values[0][places[j]];
                    return IntStream.range(0, count).filter(i -> values[i][places[j]] != first).count() >= 5;
                })
                .toArray();
        names = IntStream.of(kept).mapToObj(used::get).toList();
        means = new double[kept.length];
        deviations = new double[kept.length];
        rows = new double[count][kept.length + 1];
        for (var j = 0; j < kept.length; j++) {
            var place = places[kept[j]];
            var column = IntStream.range(0, count).mapToDouble(i -> values[i][place]).toArray();
            means[j] = mean(column);
            deviations[j] = deviation(column, means[j]);
            for (var i = 0; i < count; i++) {
                rows[i][j] = Math.clamp((column[i] - means[j]) / deviations[j], -FARTHEST, FARTHEST);
            }
        }
        for (var row : rows) {
            row[kept.length] = 1;
        }
    }

    static double mean(double[] values) {
        var sum = 0.0;
        for (var value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    static double deviation(double[] values, double mean) {
        var sum = 0.0;
        for (var value : values) {
            sum += (value - mean) * (value - mean);
        }
        return Math.sqrt(sum / values.length);
    }

    /** Least squares with a penalty: what each feature counts for in the gain. */
    Map<String, Term> gain(double[] gains, double penalty) {
        var size = rows[0].length;
        var matrix = new double[size][size];
        var vector = new double[size];
        for (var i = 0; i < rows.length; i++) {
            add(matrix, vector, rows[i], 0, size, 1, gains[i]);
        }
        return terms(solve(penalised(matrix, penalty), vector));
    }

    /** What each feature counts for in a question's easiness, what some count for the strong model alone, and the two abilities. */
    record Ability(Map<String, Term> easiness, Map<String, Term> strongOnly, double weak, double strong) {}

    /**
     * One easiness for both models, each with an ability of its own and both guessing right by chance; and a little that
     * holds for the strong model alone. The most likely ones, by Fisher's scoring.
     *
     * @param counts how much each question counts
     * @param chance the share that is right by guessing
     * @param alone the features that may count for the strong model alone
     */
    Ability ability(
            List<Sample> samples, double[] counts, double chance, Settings.OfChoices settings, List<String> alone) {
        var features = rows[0].length - 1;
        var extra = alone.stream().mapToInt(names::indexOf).filter(place -> place >= 0).toArray();
        var abilities = features + extra.length;
        var weights = new double[abilities + 2];
        weights[abilities] = 0.5;
        weights[abilities + 1] = 1.5;
        for (var step = 0; step < STEPS; step++) {
            var before = weights;
            weights = step(samples, counts, chance, settings, extra, before);
            var after = weights;
            if (IntStream.range(0, after.length).allMatch(j -> Math.abs(after[j] - before[j]) < CONVERGED)) {
                break;
            }
        }
        var strongOnly = new LinkedHashMap<String, Term>();
        for (var j = 0; j < extra.length; j++) {
            strongOnly.put(names.get(extra[j]), term(extra[j], weights[features + j]));
        }
        return new Ability(terms(weights), strongOnly, weights[abilities], weights[abilities + 1]);
    }

    private double[] step(
            List<Sample> samples,
            double[] counts,
            double chance,
            Settings.OfChoices settings,
            int[] extra,
            double[] weights) {
        var size = weights.length;
        var features = rows[0].length - 1;
        var abilities = features + extra.length;
        var matrix = new double[size][size];
        var vector = new double[size];
        for (var i = 0; i < rows.length; i++) {
            var information = 0.0;
            var working = 0.0;
            for (var model = 0; model < 2; model++) {
                var right = model == 0 ? samples.get(i).weak() : samples.get(i).strong();
                var row = row(rows[i], extra, model, size);
                var line = dot(row, weights);
                var logistic = 1 / (1 + Math.exp(-line));
                var probability = Math.clamp(chance + (1 - chance) * logistic, 1e-6, 1 - 1e-6);
                var variance = probability * (1 - probability);
                var slope = (1 - chance) * logistic * (1 - logistic);
                var told = slope * slope / variance + 1e-9;
                var target = line + ((right ? 1 : 0) - probability) * slope / variance / told;
                add(matrix, vector, row, features, size, counts[i] * told, target);
                information += told;
                working += told * target;
            }
            // what is the same for both models is added once
            add(matrix, vector, rows[i], 0, features, counts[i] * information, working / information);
        }
        for (var j = 0; j < abilities; j++) {
            matrix[j][j] += j < features ? settings.penalty() : settings.alonePenalty();
        }
        return solve(matrix, vector);
    }

    private static double[] row(double[] values, int[] extra, int model, int size) {
        var row = Arrays.copyOf(values, size);
        var features = values.length - 1;
        row[features] = 0;
        for (var j = 0; j < extra.length; j++) {
            row[features + j] = model * values[extra[j]];
        }
        row[features + extra.length + model] = 1;
        return row;
    }

    private Term term(int place, double weight) {
        return new Term(round(means[place]), round(deviations[place]), round(weight));
    }

    private Map<String, Term> terms(double[] weights) {
        var terms = new LinkedHashMap<String, Term>();
        for (var j = 0; j < names.size(); j++) {
            terms.put(names.get(j), term(j, weights[j]));
        }
        return terms;
    }

    static double round(double value) {
        return Double.parseDouble(String.format(java.util.Locale.ROOT, "%.6g", value));
    }

    private static double[][] penalised(double[][] matrix, double penalty) {
        for (var j = 0; j < matrix.length - 1; j++) {
            matrix[j][j] += penalty;
        }
        return matrix;
    }

    private static double dot(double[] one, double[] other) {
        var sum = 0.0;
        for (var j = 0; j < one.length; j++) {
            sum += one[j] * other[j];
        }
        return sum;
    }

    private static void add(
            double[][] matrix, double[] vector, double[] row, int from, int to, double weight, double target) {
        for (var j = from; j < to; j++) {
            if (row[j] != 0) {
                var weighted = weight * row[j];
                vector[j] += weighted * target;
                for (var k = 0; k <= j; k++) {
                    matrix[j][k] += weighted * row[k];
                }
            }
        }
    }

    /** Solves for a symmetric, positive definite matrix, of which the lower half is given (Cholesky). */
    private static double[] solve(double[][] matrix, double[] vector) {
        var size = vector.length;
        var lower = new double[size][size];
        for (var i = 0; i < size; i++) {
            for (var j = 0; j <= i; j++) {
                var sum = matrix[i][j];
                for (var k = 0; k < j; k++) {
                    sum -= lower[i][k] * lower[j][k];
                }
                lower[i][j] = i == j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / lower[j][j];
            }
        }
        var solution = vector.clone();
        for (var i = 0; i < size; i++) {
            for (var k = 0; k < i; k++) {
                solution[i] -= lower[i][k] * solution[k];
            }
            solution[i] /= lower[i][i];
        }
        for (var i = size - 1; i >= 0; i--) {
            for (var k = i + 1; k < size; k++) {
                solution[i] -= lower[k][i] * solution[k];
            }
            solution[i] /= lower[i][i];
        }
        return solution;
    }
}
