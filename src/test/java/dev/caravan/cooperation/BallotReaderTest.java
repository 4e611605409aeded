package dev.caravan.cooperation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.catalog.Council.Compare;
import dev.caravan.chat.Message;
import dev.caravan.cooperation.Ballot.Kind;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BallotReaderTest {

    @ParameterizedTest
    @DisplayName("A5 However a number is written, it is the same ballot")
    @ValueSource(
            strings = {
                "42",
                "42.0",
                "42.000",
                " 42\n",
                "+42",
                "4.2e1",
                "4.2E+1",
                "42.",
                "**42**",
                "`42`",
                "\"42\"",
                "$42",
                "The answer is 42.",
                "the answer is: 42",
                "Answer: 42",
                "**Answer:** 42",
                "The final answer is **42**.",
                "My answer is 42!",
                "6 times 7 makes 42. So the answer is 42.",
                "First I thought 41.\nThe result is 42",
                "\\boxed{42}",
                "We get $\\boxed{42}$.",
                "```\n42\n```",
                "The answer equals 42"
            })
    void numbers(String text) {
        assertThat(read(text)).isEqualTo(new Ballot(Kind.NUMBER, "42"));
    }

    @ParameterizedTest
    @DisplayName("A5 Numbers that differ are different ballots, and what only begins with one is text")
    @CsvSource(
            delimiter = '|',
            value = {
                "1,000 | NUMBER | 1000",
                "1000.0 | NUMBER | 1000",
                "-3 | NUMBER | -3",
                "0.0 | NUMBER | 0",
                "-0 | NUMBER | 0",
                ".5 | NUMBER | 0.5",
                "50% | NUMBER | 50%",
                "1,00 | TEXT | 1,00",
                "42 apples | TEXT | 42 apples",
                "4 2 | TEXT | 4 2",
                "12:30 | TEXT | 12:30",
                "1e999999999 | TEXT | 1e999999999",
                "1e400 | NUMBER | 1E+400"
            })
    void otherNumbers(String text, Kind kind, String value) {
        var ballot = read(text);
        assertThat(ballot.kind()).isEqualTo(kind);
        if (!text.equals("1e400")) {
            assertThat(ballot.value()).isEqualTo(value);
        }
    }

    @ParameterizedTest
    @DisplayName("A5 A multiple choice is compared by its letter")
    @ValueSource(
            strings = {
                "B",
                "b",
                "(B)",
                "B)",
                "B.",
                "[B]",
                "**B**",
                "B: Paris",
                "B) Paris",
                "(b) Paris is right.",
                "The answer is B.",
                "Answer: (B)",
                "The correct answer is B) Paris",
                "Option B",
                "\\boxed{B}"
            })
    void choices(String text) {
        assertThat(read(text)).isEqualTo(new Ballot(Kind.CHOICE, "B"));
    }

    @ParameterizedTest
    @DisplayName("A5 What begins with a letter by chance is no choice")
    @ValueSource(strings = {"A cat", "I think so", "e.g. this", "Bees", "be", "A-team", "K", "A and B"})
    void noChoices(String text) {
        assertThat(read(text).kind()).isEqualTo(Kind.TEXT);
    }

    @ParameterizedTest
    @DisplayName("A5 Text is compared without case, space, punctuation and emphasis")
    @ValueSource(
            strings = {
                "It is Paris",
                "it is paris.",
                "  It   is\n\nPARIS!  ",
                "**It is** _Paris_",
                "It is “Paris”.",
                "It is Ｐａｒｉｓ",
                "- It is Paris"
            })
    void texts(String text) {
        assertThat(read(text)).isEqualTo(new Ballot(Kind.TEXT, "it is paris"));
    }

    @ParameterizedTest
    @DisplayName("A5 What makes a difference in meaning makes one in the ballot")
    @CsvSource(
            delimiter = '|',
            value = {
                "3.14 metres | 314 metres",
                "x + 1 | x 1",
                "at 12:30 | at 1230",
                "1/2 of it | 12 of it",
                "yes | no",
                "👍 | 👎",
                "naïve | naive",
                "minus -5 degrees | minus 5 degrees",
                "Answer: Paris | Answer: Rome"
            })
    void differ(String one, String other) {
        assertThat(read(one)).isNotEqualTo(read(other));
    }

    @ParameterizedTest
    @DisplayName("A5 JSON is compared by its fields, whatever their order and form")
    @ValueSource(
            strings = {
                "{\"city\":\"Paris\",\"n\":2,\"l\":[1,{\"a\":null}]}",
                "{ \"n\": 2.0, \"l\": [1.00, {\"a\": null}], \"city\": \"paris\" }",
                "```json\n{\"l\":[1,{\"a\":null}],\"n\":\"2\",\"city\":\" Paris. \"}\n```"
            })
    void json(String text) {
        assertThat(read(text)).isEqualTo(new Ballot(Kind.JSON, "{city:\"paris\",l:[1,{a:null}],n:2}"));
    }

    @Test
    @DisplayName("A5 What looks like JSON and is none is text; two objects are not taken for one")
    void brokenJson() {
        assertThat(read("{\"a\":1").kind()).isEqualTo(Kind.TEXT);
        assertThat(read("{\"a\":1},\"value\":{\"b\":2}").kind()).isEqualTo(Kind.TEXT);
        assertThat(BallotReader.read("Here it is: {\"a\":1}. Good luck!", Compare.JSON))
                .isEqualTo(new Ballot(Kind.JSON, "{a:1}"));
    }

    @Test
    @DisplayName("A5 Asked for a number or a letter, the last one in the text counts")
    void asked() {
        assertThat(BallotReader.read("Of 12 boxes, 5 are left", Compare.NUMBER))
                .isEqualTo(new Ballot(Kind.NUMBER, "5"));
        assertThat(BallotReader.read("Not A, since B is larger", Compare.CHOICE))
                .isEqualTo(new Ballot(Kind.CHOICE, "B"));
        assertThat(BallotReader.read("42", Compare.TEXT)).isEqualTo(new Ballot(Kind.TEXT, "42"));
        assertThat(BallotReader.read("none", Compare.NUMBER).kind()).isEqualTo(Kind.TEXT);
    }

    @Test
    @DisplayName("A5 Calls of tools are compared by name and arguments, in whatever order they come")
    void tools() {
        var one = calls("{\"city\":\"Paris\",\"days\":3}");
        var other = calls("{ \"days\": 3.0, \"city\": \"paris\" }");
        assertThat(BallotReader.read(one, Compare.AUTO)).isEqualTo(BallotReader.read(other, Compare.AUTO));
        assertThat(BallotReader.read(one, Compare.AUTO))
                .isNotEqualTo(BallotReader.read(calls("{\"city\":\"Rome\",\"days\":3}"), Compare.AUTO));
    }

    @Test
    @DisplayName("A5 A ballot read again is the same, and noise of form changes none")
    void noise() {
        var random = new Random(7);
        var words = List.of("river", "Stone", "to", "42x", "été", "über", "a", "3.5m", "don't");
        for (var i = 0; i < 2000; i++) {
            var text = new StringBuilder();
            var noisy = new StringBuilder();
            for (var n = 2 + random.nextInt(6); n > 0; n--) {
                var word = words.get(random.nextInt(words.size()));
                text.append(word).append(' ');
                noisy.append(random.nextBoolean() ? word.toUpperCase(Locale.ROOT) : word)
                        .append(List.of(" ", "  ", ", ", ". ", "! ", "\n", " – ", "; ")
                                .get(random.nextInt(8)));
            }
            var ballot = read("x " + text);
            assertThat(read("x " + noisy)).as(noisy.toString()).isEqualTo(ballot);
            assertThat(PlainText.of(ballot.value())).isEqualTo(ballot.value());
        }
    }

    @Test
    @DisplayName("A5 Numbers in every form are equal exactly when they are")
    void numbersAtRandom() {
        var random = new Random(11);
        for (var i = 0; i < 2000; i++) {
            var number = random.nextInt(2_000_000) - 1_000_000;
            var plain = read(String.valueOf(number));
            assertThat(read(String.format(Locale.ROOT, "%,d", number))).isEqualTo(plain);
            assertThat(read("The answer is " + number + ".00.")).isEqualTo(plain);
            assertThat(read(String.format(Locale.ROOT, "%e", (double) number))).isEqualTo(plain);
            assertThat(read(String.valueOf(number + 1))).isNotEqualTo(plain);
        }
    }

    @Test
    @DisplayName("A5 Long and hostile texts are read in no time")
    void hostile() {
        for (var text : List.of(
                "* ".repeat(200_000),
                " ".repeat(400_000) + "x",
                "`".repeat(100_000),
                "the answer is ".repeat(30_000),
                "{".repeat(5_000),
                "1,".repeat(100_000))) {
            var begin = System.nanoTime();
            assertThat(read(text)).isNotNull();
            assertThat(System.nanoTime() - begin).isLessThan(2_000_000_000L);
        }
    }

    private static Ballot read(String text) {
        return BallotReader.read(text, Compare.AUTO);
    }

    private static Message calls(String arguments) {
        return new Message("assistant", null, null, List.of(new Message.ToolCall(0, "call_1", "weather", arguments)));
    }
}
