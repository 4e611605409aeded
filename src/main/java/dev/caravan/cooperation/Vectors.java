package dev.caravan.cooperation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.chat.ChatResponse;
import dev.caravan.provider.openai.OpenAiForm;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** How near each other a model has put texts: the cosine of the angle between their vectors. */
final class Vectors implements Similarity {

    private final Map<String, double[]> unitVectors;
    private final double alike;

    /**
     * Made of vectors of any length, which all have the same number of coordinates.
     *
     * @param alike from which cosine on texts count as similar
     */
    Vectors(Map<String, double[]> vectors, double alike) {
        this.unitVectors = new HashMap<>();
        vectors.forEach((text, vector) -> unitVectors.put(text, unit(vector)));
        this.alike = alike;
    }

    /**
     * Reads the answer of a model that was asked for the vectors of texts, in OpenAI's form.
     *
     * @return nothing if the vectors cannot be compared
     */
    static Optional<Vectors> of(ChatResponse answer, List<String> texts, double alike) {
        var vectors = new HashMap<String, double[]>();
        var length = 0;
        for (var entry : Objects.requireNonNull(OpenAiForm.tree(answer.source().toBytes()), "what was read before")
                .path("data")) {
            var vector = numbers(entry.path("embedding"));
            length = vectors.isEmpty() ? vector.length : length;
            if (vector.length != length || length(vector) == 0) {
                return Optional.empty();
            }
            vectors.put(texts.get(entry.path("index").asInt(vectors.size())), vector);
        }
        return Optional.of(new Vectors(vectors, alike));
    }

    private static double[] numbers(JsonNode list) {
        var numbers = new double[list.size()];
        for (var i = 0; i < numbers.length; i++) {
            numbers[i] = list.path(i).doubleValue();
        }
        return numbers;
    }

    private static double[] unit(double[] vector) {
        var length = length(vector);
        var unit = vector.clone();
        for (var i = 0; i < unit.length; i++) {
            unit[i] /= length;
        }
        return unit;
    }

    private static double length(double[] vector) {
        return Math.sqrt(product(vector, vector));
    }

    private static double product(double[] one, double[] other) {
        var product = 0.0;
        for (var i = 0; i < one.length; i++) {
            product += one[i] * other[i];
        }
        return product;
    }

    @Override
    public double between(String one, String other) {
        // exactly 1: of two texts neither is nearer their centre
        return one.equals(other) ? 1 : product(vector(one), vector(other));
    }

    private double[] vector(String text) {
        return Objects.requireNonNull(unitVectors.get(text), "a text without a vector");
    }

    @Override
    public double alike() {
        return alike;
    }

    @Override
    public String by() {
        return "embeddings";
    }
}
