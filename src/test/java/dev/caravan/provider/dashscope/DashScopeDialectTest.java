package dev.caravan.provider.dashscope;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.chat.ChatChunk;
import dev.caravan.chat.StreamEvent;
import dev.caravan.chat.Usage;
import dev.caravan.provider.DialectContract;
import dev.caravan.provider.Requests;
import dev.caravan.provider.StreamForm;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DashScopeDialectTest extends DialectContract {

    private static final Set<String> WITH_MEDIA = Set.of("image-by-url", "image-by-data", "audio", "images-in-turns");

    DashScopeDialectTest() {
        super("dashscope", StreamForm.SSE, new DashScopeCodec());
    }

    @Override
    protected String path(boolean stream) {
        return "/services/aigc/text-generation/generation";
    }

    @Override
    protected String path(String name, boolean stream) {
        return WITH_MEDIA.contains(name) ? "/services/aigc/multimodal-generation/generation" : path(stream);
    }

    @Override
    protected Map<String, String> headers() {
        return headers(false);
    }

    @Override
    protected Map<String, String> headers(boolean stream) {
        return stream
                ? Map.of("Authorization", "Bearer sk-secret", "X-DashScope-SSE", "enable")
                : Map.of("Authorization", "Bearer sk-secret");
    }

    @Override
    protected Map<String, String> never() {
        return Map.of(
                "several-choices", "asked for with several calls",
                "refusal", "a refusal is told as content",
                "finish-content-filter", "an answer that is filtered is an error");
    }

    @ParameterizedTest
    @CsvSource({
        "qwen-plus, text-generation",
        "qwen3-max, text-generation",
        "qwen3.6-max-preview, text-generation",
        "deepseek-v3.2, text-generation",
        "qwen3-coder-plus, text-generation",
        "qwen-vl-max-latest, multimodal-generation",
        "qwen2.5-vl-72b-instruct, multimodal-generation",
        "qwen3-vl-plus, multimodal-generation",
        "qvq-max, multimodal-generation",
        "qwen-vl-ocr, multimodal-generation",
        "qwen3-omni-flash, multimodal-generation",
        "qwen-audio-turbo, multimodal-generation",
        "qwen3.5-plus, multimodal-generation",
        "qwen3.5-397b-a17b, multimodal-generation",
        "qwen3.6-plus, multimodal-generation"
    })
    @DisplayName("D11 A model that has the multimodal endpoint only is asked there, also for text")
    void endpoints(String model, String endpoint) {
        assertThat(new DashScopeCodec()
                        .encode(Requests.with(""), model, null)
                        .call()
                        .path())
                .isEqualTo("/services/aigc/" + endpoint + "/generation");
    }

    @Test
    @DisplayName("D11 A stream that breaks has told what it used, and its caller sees the usage only once")
    void usageOfABrokenStream() throws IOException {
        var events = new DashScopeCodec()
                .events(
                        Requests.with(""),
                        new ByteArrayInputStream(
                                Files.readAllBytes(Path.of("src/test/golden/dashscope/stream-without-finish.sse"))),
                        null);
        events.next();
        var last = (ChatChunk) events.next();

        assertThat(last.usage()).isEqualTo(new Usage(20, 2));
        assertThat(last.source().has("usage")).isFalse();
        assertThat(events.next()).isInstanceOf(StreamEvent.Broken.class);
    }
}
