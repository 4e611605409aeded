package dev.caravan.provider.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class OpenAiFormTest {

    @Test
    @DisplayName("D3 Half of a surrogate pair, which some send escaped, goes on as it came")
    void halfOfAPair() {
        var half = "{\"text\":\"a\\ud83d\",\"whole\":\"ü🐫\"}".getBytes(UTF_8);
        var tree = Objects.requireNonNull(OpenAiForm.tree(half));

        assertThat(OpenAiForm.tree(OpenAiForm.bytes(tree))).isEqualTo(tree);
    }

    @Test
    @DisplayName("D3 What a provider sent is one object, or nothing")
    void oneObject() {
        assertThat(OpenAiForm.tree("{} {}".getBytes(UTF_8))).isNull();
        assertThat(OpenAiForm.tree("[]".getBytes(UTF_8))).isNull();
        assertThat(OpenAiForm.tree("".getBytes(UTF_8))).isNull();
    }

    @Test
    @DisplayName("D3 JSON that ends too early is known from what is no JSON")
    void cut() {
        var whole = "{\"a\": [1, -2.5e3, true, null, \"\\u00fc🐫\"], \"b\": {}}".getBytes(UTF_8);
        for (var end = 1; end < whole.length; end++) {
            assertThat(OpenAiForm.isCut(Arrays.copyOf(whole, end)))
                    .as("end at %d", end)
                    .isTrue();
        }
        assertThat(OpenAiForm.isCut(whole)).isFalse();
        assertThat(OpenAiForm.isCut("{\"a\":nonsense}".getBytes(UTF_8))).isFalse();
        assertThat(OpenAiForm.isCut("{\"a\":1}".getBytes(UTF_8))).isFalse();
        assertThat(OpenAiForm.isCut("<html>".getBytes(UTF_8))).isFalse();
    }
}
