package dev.caravan.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.caravan.catalog.RouteSpec;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class StrongCallsTest {

    private final Weights weights = Weights.load();
    private final StrongCalls calls = new StrongCalls(weights);

    @Test
    @DisplayName("A4 A share begins with the threshold that it had on the questions trained on")
    void calibrated() {
        assertThat(calls.threshold(spec(0.3, null))).isEqualTo(weights.threshold(0.3));
        assertThat(calls.threshold(spec(0.3, 0.7))).isEqualTo(0.7);
    }

    @Test
    @DisplayName("A4 With other traffic than that the share is kept all the same: neither more, nor much less")
    void adapts() {
        var random = new Random(7);
        var strong = 0;
        for (var i = 0; i < 1_000; i++) {
            var score = 0.8 + 0.2 * random.nextDouble();
            strong += ask(score) && i >= 200 ? 1 : 0;
        }

        assertThat(strong / 800.0).isLessThanOrEqualTo(0.3).isCloseTo(0.3, within(0.06));
        assertThat(calls.share()).isLessThanOrEqualTo(0.3);
    }

    @Test
    @DisplayName("A4 Where all traffic scores less than what was trained on, its best still go to strong models")
    void adaptsDownwards() {
        var random = new Random(7);
        assertThat(weights.threshold(0.3)).isGreaterThan(0.4);
        var strong = 0;
        for (var i = 0; i < 1_000; i++) {
            strong += ask(0.4 * random.nextDouble()) && i >= 200 ? 1 : 0;
        }

        assertThat(strong / 800.0).isBetween(0.18, 0.3);
    }

    @Test
    @DisplayName("A4 The same question over and over does not take more than the share either")
    void sameScore() {
        for (var i = 0; i < 500; i++) {
            ask(0.99);
        }

        assertThat(calls.share()).isLessThanOrEqualTo(0.3);
    }

    private boolean ask(double score) {
        var spec = spec(0.3, null);
        var strong = score > calls.threshold(spec) && !calls.isUsedUp(spec);
        calls.note(score, strong);
        return strong;
    }

    private static RouteSpec spec(double share, @Nullable Double threshold) {
        return new RouteSpec("auto", Map.of(), share, threshold, RouteSpec.Preference.ORDER, 1, 1);
    }
}
