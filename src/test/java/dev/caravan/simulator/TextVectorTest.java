package dev.caravan.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextVectorTest {

    @ParameterizedTest
    @DisplayName("D4 F7 A vector has length 1 and is the same each time, also of a text without words")
    @ValueSource(strings = {"", "?!", "a", "The capital of France is Paris.", "月は 384,400 km", "🐫"})
    void unit(String text) {
        for (var dimensions : new int[] {1, 2, 64, 256, 3072}) {
            var vector = TextVector.of(text, dimensions);
            assertThat(vector).hasSize(dimensions).isEqualTo(TextVector.of(text, dimensions));
            assertThat(dot(vector, vector)).isEqualTo(1, within(1e-5));
        }
    }

    @ParameterizedTest
    @DisplayName("D4 F7 Texts that share words and pieces of words are near, others are not")
    @CsvSource(delimiter = '|', textBlock = """
                    The answer is 42.            | the answer is: 42                   | 0.99 | 1.01
                    The capital is Paris.        | Paris is the capital of France.     | 0.6  | 1
                    We should wait for a month.  | I would wait one month.             | 0.4  | 0.9
                    We should wait for a month.  | Bananas are yellow.                 | -0.2 | 0.2
                    """)
    void near(String one, String other, double least, double most) {
        assertThat(dot(TextVector.of(one, 256), TextVector.of(other, 256))).isBetween(least, most);
    }

    @Test
    @DisplayName("F7 The vectors of one version are those of the next: whoever has stored some can go on")
    void stable() {
        assertThat(TextVector.of("moon", 8)).isEqualTo(TextVector.of("MOON!", 8));
    }

    private static double dot(float[] one, float[] other) {
        var sum = 0.0;
        for (var i = 0; i < one.length; i++) {
            sum += (double) one[i] * other[i];
        }
        return sum;
    }
}
