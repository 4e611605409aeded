package dev.caravan.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.caravan.chat.Operation;
import dev.caravan.chat.StreamEvent;
import dev.caravan.provider.anthropic.AnthropicCodec;
import dev.caravan.provider.dashscope.DashScopeCodec;
import dev.caravan.provider.gemini.GeminiCodec;
import dev.caravan.provider.ollama.OllamaCodec;
import dev.caravan.provider.openai.CompletionWriter;
import dev.caravan.provider.openai.OpenAiCodec;
import dev.caravan.provider.zhipu.ZhipuCodec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Streams of whatever there is: each comes to an end or to a clear error, throws nothing, and is the same however it is cut
 * into reads.
 *
 * <p>A build reads the seeds, which are the golden streams. With {@code JAZZER_FUZZ=1} in the environment, Jazzer goes on
 * from them for as long as {@link FuzzTest#maxDuration} says.
 */
class StreamFuzzTest {

    private static final String MINUTE = "1m";
    private static final String KEY = "sk-secret";

    @DisplayName("D3 server-sent events are the same however they are cut, and come to an end")
    @MethodSource("events")
    @FuzzTest(maxDuration = MINUTE)
    void serverSentEvents(byte[] bytes) throws IOException {
        var whole = all(new SseReader(new ByteArrayInputStream(bytes))::next);

        assertThat(all(new SseReader(new OneByOne(bytes))::next)).isEqualTo(whole);
        assertThat(all(new SseReader(cut(bytes))::next)).isEqualTo(whole);
        assertThat(whole.stream().mapToInt(String::length).sum()).isLessThanOrEqualTo(bytes.length);
    }

    @DisplayName("D3 lines of JSON are the same however they are cut, and come to an end")
    @MethodSource("lines")
    @FuzzTest(maxDuration = MINUTE)
    void lines(byte[] bytes) throws IOException {
        var whole = all(new NdjsonReader(new ByteArrayInputStream(bytes))::next);

        assertThat(all(new NdjsonReader(new OneByOne(bytes))::next)).isEqualTo(whole);
        assertThat(all(new NdjsonReader(cut(bytes))::next)).isEqualTo(whole);
        assertThat(whole).noneMatch(String::isEmpty);
    }

    @DisplayName("D3 OpenAI's stream")
    @MethodSource("openAi")
    @FuzzTest(maxDuration = MINUTE)
    void openAi(byte[] bytes) {
        check(new OpenAiCodec(), "openai", bytes);
    }

    @DisplayName("D3 Anthropic's stream")
    @MethodSource("anthropic")
    @FuzzTest(maxDuration = MINUTE)
    void anthropic(byte[] bytes) {
        check(new AnthropicCodec(), "anthropic", bytes);
    }

    @DisplayName("D3 Gemini's stream")
    @MethodSource("gemini")
    @FuzzTest(maxDuration = MINUTE)
    void gemini(byte[] bytes) {
        check(new GeminiCodec(), "gemini", bytes);
    }

    @DisplayName("D3 Zhipu's stream")
    @MethodSource("zhipu")
    @FuzzTest(maxDuration = MINUTE)
    void zhipu(byte[] bytes) {
        check(new ZhipuCodec(InstantSource.system()), "zhipu", bytes);
    }

    @DisplayName("D3 D11 DashScope's stream")
    @MethodSource("dashScope")
    @FuzzTest(maxDuration = MINUTE)
    void dashScope(byte[] bytes) {
        check(new DashScopeCodec(), "dashscope", bytes);
    }

    @DisplayName("D3 Ollama's stream")
    @MethodSource("ollama")
    @FuzzTest(maxDuration = MINUTE)
    void ollama(byte[] bytes) {
        check(new OllamaCodec(), "ollama", bytes);
    }

    static Stream<byte[]> events() {
        return Stream.concat(
                Stream.of("openai", "anthropic", "gemini", "zhipu", "dashscope").flatMap(StreamFuzzTest::seeds),
                Stream.of(
                                "",
                                "data",
                                "data:",
                                "\uFEFFdata: a\rdata: b\r\rdata: c\r\n\r\n",
                                ": comment\n\nevent: x\nid: 7\nretry: 1\n\ndata:x\n:\n\n",
                                "data: a\n\ndata: unfinished")
                        .map(text -> text.getBytes(UTF_8)));
    }

    static Stream<byte[]> lines() {
        return Stream.concat(
                ollama(),
                Stream.of("", "\n", "\r\n \t\r\n{}", "\uFEFF{}\r{}\n\n{}").map(text -> text.getBytes(UTF_8)));
    }

    static Stream<byte[]> openAi() {
        return seeds("openai");
    }

    static Stream<byte[]> anthropic() {
        return seeds("anthropic");
    }

    static Stream<byte[]> gemini() {
        return seeds("gemini");
    }

    static Stream<byte[]> zhipu() {
        return seeds("zhipu");
    }

    static Stream<byte[]> dashScope() {
        return seeds("dashscope");
    }

    static Stream<byte[]> ollama() {
        var golden = new GoldenFolder("ollama", Operation.CHAT);
        return golden.cases(StreamForm.NDJSON.kind()).stream()
                .map(name -> golden.bytes(name + StreamForm.NDJSON.kind()));
    }

    private static Stream<byte[]> seeds(String dialect) {
        var golden = new GoldenFolder(dialect, Operation.CHAT);
        return golden.cases(StreamForm.SSE.kind()).stream().map(name -> golden.bytes(name + StreamForm.SSE.kind()));
    }

    private static void check(ProviderCodec codec, String dialect, byte[] bytes) {
        var request = new GoldenFolder(dialect, Operation.CHAT).request("stream");
        var whole = Transcript.of(codec, request, new ByteArrayInputStream(bytes), KEY);

        for (var chunk : whole.chunks()) {
            assertThat(CompletionWriter.event(Operation.CHAT, chunk, "id", "m", "p", true))
                    .isNotEmpty();
        }
        if (whole.end() instanceof StreamEvent.Broken(var error)) {
            assertThat(error.message()).isNotBlank().doesNotContain(KEY);
        }
        assertThat(Transcript.of(codec, request, cut(bytes), KEY).fingerprint()).isEqualTo(whole.fingerprint());
    }

    private interface Events {
        byte @Nullable [] next() throws IOException;
    }

    private static List<String> all(Events events) throws IOException {
        var all = new ArrayList<String>();
        for (var event = events.next(); event != null; event = events.next()) {
            all.add(new String(event, UTF_8));
        }
        return all;
    }

    /** The same bytes in reads of one to seven, which the bytes themselves decide. */
    private static InputStream cut(byte[] bytes) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public int read(byte[] target, int offset, int length) {
                var size = pos < count ? 1 + Math.floorMod(buf[pos], 7) : 1;
                return super.read(target, offset, Math.min(size, length));
            }
        };
    }
}
