package dev.caravan.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerReaderTest {

    private static final ResultSchema SCHEMA =
            ResultSchema.of("{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"}},\"required\":[\"a\"]}");

    @ParameterizedTest
    @DisplayName("A6 The object in an answer is found, whatever stands around it")
    @ValueSource(
            strings = {
                "{\"a\":1}",
                "```json\n{\"a\": 1}\n```",
                "Of course! Here it is:\n```\n{\"a\":1,}\n```\nIs there {anything} else?",
                "The set {x, y} gives {\"b\":2}, but the answer is {\"a\":1} as {\"b\":3} is not.",
                "{\"a\":1,\"text\":\"two\nlines\"}"
            })
    void found(String answer) {
        var object = Objects.requireNonNull(AnswerReader.read(answer, SCHEMA).object());

        assertThat(object.path("a").asInt()).isEqualTo(1);
    }

    @Test
    @DisplayName("A6 What is wrong with an answer is said; of one that is cut off no piece is taken for the whole")
    void problems() {
        assertThat(AnswerReader.read("No.", SCHEMA).problems()).containsExactly("there is no JSON object in it");
        assertThat(AnswerReader.read("{\"b\":{\"a\":1}, \"c\":", SCHEMA).problems())
                .containsExactly("the JSON object has no end");
        assertThat(AnswerReader.read("{a b}", SCHEMA).problems())
                .containsExactly("there is no well-formed JSON object in it");
        assertThat(AnswerReader.read("{\"a\":\"1\"}", SCHEMA).problems())
                .singleElement()
                .asString()
                .contains("$.a", "integer expected");
        assertThat(AnswerReader.read("{".repeat(100_000), SCHEMA).object()).isNull();
    }
}
