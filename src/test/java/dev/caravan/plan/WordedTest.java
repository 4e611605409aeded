package dev.caravan.plan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.catalog.Deployment;
import dev.caravan.catalog.ModelSettings;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ErrorCode;
import dev.caravan.chat.WhenUnsupported;
import dev.caravan.provider.openai.OpenAiCodec;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class WordedTest {

    private static final String ASKED = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";

    @Test
    @DisplayName("A1 A model of which nothing is said gets the request as it is")
    void untouched() {
        assertThat(sent("", ModelSettings.NONE)).isEqualTo(ASKED + "}");
    }

    @Test
    @DisplayName("A1 A model's parameters are there unless the request has them; null counts as not there")
    void parameters() {
        var settings = new ModelSettings(null, Map.of("top_k", "5"), null);

        assertThat(sent("", settings)).isEqualTo(ASKED + ",\"top_k\":5}");
        assertThat(sent(",\"top_k\":7", settings)).isEqualTo(ASKED + ",\"top_k\":7}");
        assertThat(sent(",\"top_k\":null", settings)).isEqualTo(ASKED + ",\"top_k\":5}");
    }

    @Test
    @DisplayName(
            "A1 max_tokens is the most that is asked for, and none where nothing is asked; that it was lowered is told")
    void bound() {
        var settings = new ModelSettings(100, Map.of(), null);

        assertThat(sent("", settings)).isEqualTo(ASKED + "}");
        assertThat(sent(",\"max_tokens\":100", settings)).isEqualTo(ASKED + ",\"max_tokens\":100}");
        var lowered = (Worded.Sendable) worded(",\"max_completion_tokens\":101", settings);
        assertThat(new String(lowered.call().body(), UTF_8)).isEqualTo(ASKED + ",\"max_completion_tokens\":100}");
        assertThat(lowered.dropped()).containsExactly("max_completion_tokens");
        assertThat(error(worded(",\"max_tokens\":101,\"unsupported\":\"refuse\"", settings)))
                .returns("max_tokens", ChatError::param)
                .returns("The model 'm' answers with at most 100 tokens.", ChatError::message);
    }

    @Test
    @DisplayName("B1 The request says what happens to what cannot be done, else the model, else the provider")
    void policy() {
        var strict = new ModelSettings(100, Map.of(), WhenUnsupported.REFUSE);

        assertThat(error(worded(",\"max_tokens\":101", strict))).returns(400, ChatError::status);
        assertThat(worded(",\"max_tokens\":101,\"unsupported\":\"drop\"", strict))
                .isInstanceOf(Worded.Sendable.class);
    }

    @Test
    @DisplayName("A1 Parameters that make no request are the operator's fault")
    void wrongParameters() {
        assertThat(error(worded("", new ModelSettings(null, Map.of("temperature", "9"), null))))
                .returns(ErrorCode.INTERNAL_ERROR, ChatError::code);
    }

    private static Worded worded(String fields, ModelSettings settings) {
        var deployment = new Deployment(Asks.provider("a"), "m", settings);
        return Worded.of(Asks.request(ASKED + fields + "}"), deployment, new OpenAiCodec());
    }

    private static String sent(String fields, ModelSettings settings) {
        return new String(((Worded.Sendable) worded(fields, settings)).call().body(), UTF_8);
    }

    private static ChatError error(Worded worded) {
        return ((Worded.Refused) worded).error();
    }
}
