package dev.caravan.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class MultipleChoiceTest {

    @Test
    @DisplayName(
            "A4 A multiple choice is taken apart into its question and its options, in either form of their letters")
    void takenApart() {
        assertThat(parts("What is 2 + 2?\nA. 3\nB. 4\nC. 5\nAnswer:")).containsExactly("What is 2 + 2?", "3", "4", "5");
        assertThat(parts("Which?\n(A) one\n(B) two")).containsExactly("Which?", "one", "two");
        assertThat(parts("Which?\nA) one\nwith a second line\nB) two\n"))
                .containsExactly("Which?", "one\nwith a second line", "two");
    }

    @Test
    @DisplayName("A4 Of several questions in one text the last counts, without the answers before it")
    void lastCounts() {
        assertThat(parts("First?\nA. a\nB. b\nAnswer: A\n\nSecond?\nA. c\nB. d\nAnswer:"))
                .containsExactly("\nSecond?", "c", "d");
    }

    @Test
    @DisplayName("A4 What only looks a little like a multiple choice is none")
    void none() {
        for (var text :
                List.of("", "A. Einstein was born when?", "Plan B. is better", "\n\n", "Answer:", "A.\n", "(A")) {
            assertThat(MultipleChoice.in(text).areThere()).as(text).isFalse();
        }
    }

    private static List<String> parts(String text) {
        var choice = MultipleChoice.in(text);
        assertThat(choice.areThere()).isTrue();
        var question = choice.question();
        return java.util.stream.Stream.concat(
                        java.util.stream.Stream.of(text.substring(question.from(), question.to())),
                        choice.options().stream().map(option -> text.substring(option.from(), option.to())))
                .toList();
    }
}
