package dev.caravan.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeaturesTest {

    @Test
    @DisplayName("A4 Words, numbers of every kind, sentences and clauses are counted")
    void counts() {
        var text = "Tom has 1,250 apples, 3/4 of them green. He pays $2.50 for each; how many are left in 1999?";

        assertThat(value(text, "words")).isCloseTo(Math.log1p(15), within(1e-9));
        assertThat(value(text, "numbers")).isCloseTo(Math.log1p(5), within(1e-9));
        assertThat(value(text, "decimals")).isCloseTo(Math.log1p(1), within(1e-9));
        assertThat(value(text, "big_numbers")).isCloseTo(Math.log1p(2), within(1e-9));
        assertThat(value(text, "fractions")).isCloseTo(Math.log1p(1), within(1e-9));
        assertThat(value(text, "years")).isCloseTo(Math.log1p(1), within(1e-9));
        assertThat(value(text, "commas")).isCloseTo(Math.log1p(1), within(1e-9));
        assertThat(value(text, "sentences")).isCloseTo(Math.log1p(2), within(1e-9));
        assertThat(value(text, "currencies")).isCloseTo(Math.log1p(1), within(1e-9));
        assertThat(value(text, "ends_with_question_mark")).isEqualTo(1);
        assertThat(value(text, "says_how_many")).isCloseTo(Math.log1p(1), within(1e-9));
        assertThat(value(text, "says_each")).isCloseTo(Math.log1p(1), within(1e-9));
    }

    @Test
    @DisplayName("A4 Of a multiple choice its options are looked at too")
    void options() {
        var text = "Which one?\nA. 3\nB. 40\nC. none of these\nAnswer:";

        assertThat(Features.of(text).isChoice()).isTrue();
        assertThat(value(text, "options_of_numbers")).isCloseTo(2 / 3.0, within(1e-9));
        assertThat(value(text, "none_of_these")).isEqualTo(1);
        assertThat(value(text, "words")).isCloseTo(Math.log1p(2), within(1e-9));
    }

    @ParameterizedTest
    @DisplayName("A4 No text is too odd to be looked at")
    @ValueSource(
            strings = {
                "",
                " ",
                "\n",
                "A.\nB.\n",
                "A. \nB. x",
                "????",
                "'''",
                "日本語のテキスト",
                "\uD83D\uDE00",
                "-",
                "1,",
                "1.",
                "$"
            })
    void anyText(String text) {
        assertThat(Arrays.stream(Features.of(text).values()).boxed().toList())
                .hasSameSizeAs(Features.NAMES)
                .allMatch(Double::isFinite);
    }

    @Test
    @DisplayName("A4 A text of any length is looked at where it begins and ends; its length counts whole")
    void longText() {
        var text = "word ".repeat(1_000_000);

        assertThat(value(text, "characters")).isCloseTo(Math.log1p(text.length()), within(1e-3));
        assertThat(value(text, "words")).isLessThan(Math.log1p(Features.LONGEST_TEXT));
    }

    private static double value(String text, String name) {
        return Features.of(text).value(Features.NAMES.indexOf(name));
    }
}
