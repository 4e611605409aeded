package dev.caravan.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class OracleTest {

    private static final int SUMS = 4000;

    @Test
    @DisplayName("A5 An oracle is right as often as its name says, and two of different seeds err independently")
    void accuracy() {
        var one = 0;
        var both = 0;
        for (var i = 0; i < SUMS; i++) {
            var question = "What is " + i + " + 7?";
            var right = String.valueOf(i + 7);
            var first = Oracle.answer("sim-oracle-60-1", question).equals(right);
            var second = Oracle.answer("sim-oracle-60-2", question).equals(right);
            one += first ? 1 : 0;
            both += first && second ? 1 : 0;
        }
        assertThat(one / (double) SUMS).isCloseTo(0.6, within(3.3 * Math.sqrt(0.6 * 0.4 / SUMS)));
        assertThat(both / (double) SUMS).isCloseTo(0.36, within(3.3 * Math.sqrt(0.36 * 0.64 / SUMS)));
    }

    @Test
    @DisplayName("A5 An oracle knows sums, differences and products, and keeps to its word")
    void sums() {
        assertThat(Oracle.answer("sim-oracle-100-1", "17 + 25?")).isEqualTo("42");
        assertThat(Oracle.answer("sim-oracle-100-1", "17 - 25 or 1 + 1?")).isEqualTo("-8");
        assertThat(Oracle.answer("sim-oracle-0-1", "6*7")).isEqualTo("43");
        assertThat(Oracle.answer("sim-oracle-50-9", "6*7"))
                .isEqualTo(Oracle.answer("sim-oracle-50-9", "6*7, others say 40"));
        assertThat(Oracle.answer("sim-oracle-100-1", "Sure?")).isEqualTo("yes");
        assertThat(Oracle.named("sim-oracle-101-1")).isNull();
        assertThat(Oracle.named("sim-echo")).isNull();
    }
}
