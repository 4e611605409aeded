package dev.caravan.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokensTest {

    @ParameterizedTest
    @DisplayName("A6 A text is cut into pieces of so many tokens at most, and nothing of it is lost")
    @ValueSource(
            strings = {
                "One sentence. And another one, with more words in it.\n\n",
                "日本語の文章です。",
                "x",
                "😀",
                "\n",
                "<|endoftext|>"
            })
    void split(String unit) {
        var text = unit.repeat(3000);

        var pieces = Tokens.split(text, 100, 10_000);

        assertThat(String.join("", pieces)).isEqualTo(text);
        assertThat(Tokens.split(text, 100, 2)).isEqualTo(pieces.subList(0, 3));
        assertThat(pieces).allMatch(piece -> Tokens.count(piece) <= 100).hasSizeGreaterThan(1);
    }

    @Test
    @DisplayName("A6 Cuts are where a paragraph ends, else a line, else a sentence")
    void borders() {
        var text = IntStream.range(0, 40)
                .mapToObj(i -> "Paragraph " + i + " has a first line.\nIts second line. Ends here.\n\n")
                .collect(Collectors.joining());

        assertThat(Tokens.split(text, 100, 10_000))
                .allMatch(piece -> piece.startsWith("Paragraph") && piece.endsWith("\n\n"));
        assertThat(Tokens.split("A sentence of some words stands here. ".repeat(60), 100, 100))
                .allMatch(piece -> piece.strip().endsWith("."));
    }
}
