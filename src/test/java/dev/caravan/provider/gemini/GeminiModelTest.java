package dev.caravan.provider.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.provider.EncodedCall;
import dev.caravan.provider.Requests;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GeminiModelTest {

    @ParameterizedTest
    @DisplayName(
            "D2 Efforts are budgets for models before Gemini 3, levels since, and what is near where there is none")
    @CsvSource({
        "gemini-2.5-flash, none, '{\"thinkingBudget\":0}'",
        "gemini-2.5-pro, none, '{\"thinkingBudget\":128}'",
        "gemini-2.5-pro, minimal, '{\"thinkingBudget\":1024,\"includeThoughts\":true}'",
        "gemini-2.5-flash, medium, '{\"thinkingBudget\":8192,\"includeThoughts\":true}'",
        "models/gemini-2.5-flash, high, '{\"thinkingBudget\":24576,\"includeThoughts\":true}'",
        "gemini-3-flash-preview, minimal, '{\"thinkingLevel\":\"minimal\",\"includeThoughts\":true}'",
        "gemini-3.1-pro-preview, minimal, '{\"thinkingLevel\":\"low\",\"includeThoughts\":true}'",
        "gemini-4-argon, xhigh, '{\"thinkingLevel\":\"high\",\"includeThoughts\":true}'"
    })
    void thinking(String model, String effort, String config) {
        assertThat(Requests.body(encoded(model, ",\"reasoning_effort\":\"" + effort + "\""))
                        .at("/generationConfig/thinkingConfig")
                        .toString())
                .isEqualTo(config);
    }

    @Test
    @DisplayName("D2 Thinking that was to be off and cannot be is told")
    void alwaysThinking() {
        var off = ",\"reasoning_effort\":\"none\"";
        assertThat(encoded("gemini-2.5-flash", off).unsupported()).isEmpty();
        assertThat(Requests.leftOut(encoded("gemini-2.5-pro", off))).containsExactly("reasoning_effort");
        assertThat(Requests.leftOut(encoded("gemini-3-flash", off))).containsExactly("reasoning_effort");
    }

    @ParameterizedTest
    @DisplayName("D2 The model's name stands in the path, with its collection if it has one, and cannot leave it")
    @CsvSource({
        "gemini-3-flash, /v1beta/models/gemini-3-flash:generateContent",
        "models/gemini-3-flash, /v1beta/models/gemini-3-flash:generateContent",
        "tunedModels/mine-1, /v1beta/tunedModels/mine-1:generateContent",
        "a?b:c d, /v1beta/models/a%3Fb%3Ac%20d:generateContent"
    })
    void path(String model, String path) {
        assertThat(encoded(model, "").call().path()).isEqualTo(path);
    }

    private static EncodedCall encoded(String model, String members) {
        return new GeminiCodec().encode(Requests.with(members), model, null);
    }
}
