package dev.caravan.provider.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.provider.EncodedCall;
import dev.caravan.provider.Requests;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClaudeModelTest {

    @ParameterizedTest
    @DisplayName(
            "D2 Models up to Claude 4.5, and those that are not Claude, are told a budget and may be told a temperature")
    @ValueSource(
            strings = {
                "claude-3-7-sonnet-latest", "claude-opus-4-20250514", "claude-opus-4-0", "claude-opus-4-1-20250805",
                "claude-sonnet-4-5", "claude-haiku-4-5-20251001", "claude-opus-4-5@20251101", "MiniMax-M2"
            })
    void older(String name) {
        assertThat(ClaudeModel.of(name)).isEqualTo(new ClaudeModel(false, true));
    }

    @ParameterizedTest
    @DisplayName("D2 Newer models think as they see fit")
    @CsvSource({
        "claude-opus-4-6, true",
        "claude-sonnet-4-6-20260217, true",
        "claude-opus-4-7, false",
        "claude-opus-4-8, false",
        "claude-sonnet-5, false",
        "claude-fable-5-1, false",
        "claude-opus-5-5-20260920, false"
    })
    void newer(String name, boolean sampling) {
        assertThat(ClaudeModel.of(name)).isEqualTo(new ClaudeModel(true, sampling));
    }

    @Test
    @DisplayName("D2 An effort is told to a newer model as such, and what it thought is wanted back")
    void effort() {
        var body = Requests.body(encoded("claude-opus-4-8", ",\"reasoning_effort\":\"xhigh\""));

        assertThat(body.at("/output_config/effort").asText()).isEqualTo("xhigh");
        assertThat(body.path("thinking").toString()).isEqualTo("{\"type\":\"adaptive\",\"display\":\"summarized\"}");
        assertThat(body.path("max_tokens").asInt()).isGreaterThan(20_000);
    }

    @Test
    @DisplayName("D2 A model that must call a tool is told an effort, and not to think")
    void effortBesideAForcedTool() {
        var encoded = encoded(
                "claude-opus-4-8",
                ",\"reasoning_effort\":\"low\",\"tool_choice\":\"required\","
                        + "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]");

        assertThat(Requests.body(encoded).at("/output_config/effort").asText()).isEqualTo("low");
        assertThat(Requests.body(encoded).has("thinking")).isFalse();
        assertThat(encoded.unsupported()).isEmpty();
    }

    @Test
    @DisplayName("D2 A newer model is told a low effort where none is asked for, and the caller that it may think")
    void noEffort() {
        var encoded = encoded("claude-opus-5", ",\"reasoning_effort\":\"none\",\"max_tokens\":10");

        assertThat(Requests.body(encoded).at("/output_config/effort").asText()).isEqualTo("low");
        assertThat(Requests.body(encoded).path("max_tokens").asInt()).isEqualTo(10);
        assertThat(Requests.leftOut(encoded)).containsExactly("reasoning_effort");
    }

    @Test
    @DisplayName("D2 The newest models refuse a temperature, so it is left out, except the one that they have")
    void temperature() {
        assertThat(Requests.leftOut(encoded("claude-opus-4-8", ",\"temperature\":0.2,\"top_p\":0.5,\"top_k\":3")))
                .containsExactly("temperature", "top_p", "top_k");
        assertThat(encoded("claude-opus-4-8", ",\"temperature\":1,\"top_p\":1").unsupported())
                .isEmpty();
        assertThat(Requests.body(encoded("claude-opus-4-6", ",\"temperature\":0.2"))
                        .path("temperature")
                        .asText())
                .isEqualTo("0.2");
    }

    @Test
    @DisplayName("D2 Effort and schema stand side by side")
    void effortAndSchema() {
        var body = Requests.body(encoded(
                "claude-sonnet-5",
                ",\"reasoning_effort\":\"low\",\"response_format\":{\"type\":\"json_schema\","
                        + "\"json_schema\":{\"name\":\"x\",\"schema\":{\"type\":\"object\"}}}"));

        assertThat(body.at("/output_config/effort").asText()).isEqualTo("low");
        assertThat(body.at("/output_config/format/type").asText()).isEqualTo("json_schema");
    }

    private static EncodedCall encoded(String model, String members) {
        return new AnthropicCodec().encode(Requests.with(members), model, null);
    }
}
