package dev.caravan.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnalystTest {

    private final Analyst analyst = new Analyst(Weights.load());

    @ParameterizedTest
    @DisplayName("A4 The kind of work is seen")
    @CsvSource(delimiter = '|', textBlock = """
            Hello there, how are you?                                               | chat
            What is the capital of France?                                          | question
            Translate 'good morning' into French                                    | translation
            Summarize the following text in three sentences                         | summarization
            Write a Python function that sorts a list of tuples by the second field | code
            A train goes 60 km in 45 minutes. How many km does it go in 2 hours?    | math
            Prove that the square root of two is irrational                         | reasoning
            Extract all names and label each                                        | extraction
            Write a poem about the sea                                              | writing
            """)
    void taskTypes(String query, String expected) {
        assertThat(analyst.analyse(Question.of(query), null).task().text()).isEqualTo(expected);
    }

    @Test
    @DisplayName("A4 A greeting scores lower than a plain question, and that lower than what asks to think")
    void order() {
        var greeting = analyst.score("Hello!");
        var plain = analyst.score("What is the capital of France?");
        var hard = analyst.score(
                "Prove that every bounded monotone sequence converges, step by step, and design an algorithm "
                        + "that finds the limit; analyze its complexity and compare it with bisection.");

        assertThat(greeting).isLessThan(plain);
        assertThat(plain).isLessThan(hard);
        assertThat(List.of(greeting, plain, hard)).allMatch(score -> score >= 0 && score <= 1);
    }

    @Test
    @DisplayName("A4 Pictures make it a matter of seeing; what the caller says of the kind of work wins")
    void said() {
        var seeing = new Question("What is this?", 13, 1, 1, 0, false, 0, true);

        assertThat(analyst.analyse(seeing, null).task()).isEqualTo(TaskType.VISION);
        assertThat(analyst.analyse(Question.of("Hello!"), TaskType.REASONING).task())
                .isEqualTo(TaskType.REASONING);
        assertThat(analyst.analyse(Question.of("Hello!"), TaskType.REASONING).score())
                .isGreaterThan(analyst.score("Hello!"));
    }

    @Test
    @DisplayName("A4 A decision takes less than a millisecond, whatever the length of the text")
    void fast() {
        var text = "If a train leaves at 9:40, goes 60 km/h and meets another one, how many minutes do they take? "
                .repeat(200);
        for (var i = 0; i < 300; i++) {
            analyst.score(text);
        }
        var nanos = new long[101];
        for (var i = 0; i < nanos.length; i++) {
            var began = System.nanoTime();
            analyst.score(text);
            nanos[i] = System.nanoTime() - began;
        }
        Arrays.sort(nanos);

        assertThat(nanos[nanos.length / 2]).as("median, in nanoseconds").isLessThan(1_000_000);
    }

    @Test
    @DisplayName("A4 The scores of the questions trained on are known, so that a share can be turned into a threshold")
    void shares() {
        var weights = Weights.load();

        assertThat(weights.shares()).hasSize(101).isSortedAccordingTo((one, other) -> Double.compare(other, one));
        assertThat(weights.threshold(0.3)).isBetween(weights.threshold(0.5), weights.threshold(0.1));
    }
}
