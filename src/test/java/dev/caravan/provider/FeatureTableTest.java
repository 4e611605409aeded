package dev.caravan.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.chat.Operation;
import dev.caravan.provider.anthropic.AnthropicCodec;
import dev.caravan.provider.dashscope.DashScopeCodec;
import dev.caravan.provider.gemini.GeminiCodec;
import dev.caravan.provider.ollama.OllamaCodec;
import dev.caravan.provider.openai.OpenAiCodec;
import dev.caravan.provider.zhipu.ZhipuCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The table of what each dialect can do, in docs/providers.md, says what the golden cases prove, cell by cell. */
class FeatureTableTest {

    private static final String BEGIN =
            "<!-- what each dialect can do, as FeatureTableTest reads it out of the golden cases -->\n";
    private static final String END = "<!-- end -->";

    private record Dialect(String title, String folder, StreamForm form, ProviderCodec codec) {

        GoldenFolder golden() {
            return new GoldenFolder(folder, Operation.CHAT);
        }
    }

    private static final List<Dialect> DIALECTS = List.of(
            new Dialect("OpenAI and kin", "openai", StreamForm.SSE, new OpenAiCodec()),
            new Dialect("Anthropic", "anthropic", StreamForm.SSE, new AnthropicCodec()),
            new Dialect("Gemini", "gemini", StreamForm.SSE, new GeminiCodec()),
            new Dialect("Zhipu", "zhipu", StreamForm.SSE, new ZhipuCodec(InstantSource.system())),
            new Dialect("Aliyun", "dashscope", StreamForm.SSE, new DashScopeCodec()),
            new Dialect("Ollama", "ollama", StreamForm.NDJSON, new OllamaCodec()));

    /** A line of the table. */
    private sealed interface Feature {

        String title();

        String golden();

        String cell(Dialect dialect);
    }

    /** Something that is asked for: what becomes of a field of a golden request. */
    private record Asked(String title, String golden, String field) implements Feature {

        @Override
        public String cell(Dialect dialect) {
            var folder = dialect.golden();
            if (!folder.has(golden + ".upstream.json")) {
                return "?";
            }
            var unsupported = golden + ".unsupported.json";
            return folder.has(unsupported)
                    ? folder.tree(unsupported)
                            .valueStream()
                            .filter(each -> each.path("field").asText().equals(field))
                            .findFirst()
                            .map(Asked::left)
                            .orElse("yes")
                    : "yes";
        }

        private static String left(JsonNode unsupported) {
            return unsupported.path("essential").asBoolean() ? "refused" : "dropped";
        }
    }

    /** Several answers to one request. */
    private record Several(String title, String golden) implements Feature {

        @Override
        public String cell(Dialect dialect) {
            return dialect.golden().has(golden + ".upstream.json")
                    ? dialect.codec().answersMany() ? "yes" : "*n* calls"
                    : "?";
        }
    }

    /** Something that comes in a whole answer. */
    private record Answered(String title, String golden) implements Feature {

        @Override
        public String cell(Dialect dialect) {
            var folder = dialect.golden();
            return folder.has(golden + ".answer.json") && folder.has(golden + ".response.json") ? "yes" : "never";
        }
    }

    /** Something that comes in a stream. */
    private record Streamed(String title, String golden) implements Feature {

        @Override
        public String cell(Dialect dialect) {
            var folder = dialect.golden();
            return folder.has(golden + dialect.form().kind()) && folder.has(golden + ".chunks.json") ? "yes" : "never";
        }
    }

    private static final List<Feature> FEATURES = List.of(
            new Asked("system and developer messages", "system-and-developer", "messages"),
            new Asked("a system message later on, as such", "later-system", "messages[3].role"),
            new Asked("several turns", "several-turns", "messages"),
            new Asked("names of speakers", "user", "messages[0].name"),
            new Asked("images by data", "image-by-data", "messages[0].content[1]"),
            new Asked("images by url", "image-by-url", "messages[0].content[1]"),
            new Asked("audio", "audio", "messages[0].content[0]"),
            new Asked("files by data", "file-by-data", "messages[0].content[0]"),
            new Asked("tools, `tool_choice: auto`", "tool-choice-auto", "tool_choice"),
            new Asked("`tool_choice: none`", "tool-choice-none", "tool_choice"),
            new Asked("`tool_choice: required`", "tool-choice-required", "tool_choice"),
            new Asked("`tool_choice` of one function", "tool-choice-named", "tool_choice"),
            new Asked("`strict` functions", "one-tool-call", "tools[0].function.strict"),
            new Asked("`parallel_tool_calls: false`", "one-tool-call", "parallel_tool_calls"),
            new Asked("tool results, several at once", "several-tool-results", "messages"),
            new Asked("`response_format: json_object`", "json-mode", "response_format"),
            new Asked("`response_format: json_schema`", "json-schema", "response_format"),
            new Asked("`stop`", "stop", "stop"),
            new Asked("`max_tokens`", "sampling", "max_tokens"),
            new Asked("`presence_penalty`", "sampling", "presence_penalty"),
            new Asked("`frequency_penalty`", "sampling", "frequency_penalty"),
            new Asked("`seed`", "seed", "seed"),
            new Asked("`logprobs`", "logprobs", "logprobs"),
            new Asked("`logit_bias`", "logprobs", "logit_bias"),
            new Asked("`reasoning_effort`", "reasoning", "reasoning_effort"),
            new Asked("`user`", "user", "user"),
            new Asked("fields that OpenAI does not have", "unknown-fields", "x_first"),
            new Several("`n`", "several-choices"),
            new Answered("tool calls", "tool-call"),
            new Answered("several tool calls", "parallel-tool-calls"),
            new Answered("thoughts (`reasoning_content`)", "reasoning"),
            new Answered("cached tokens", "cached-prompt"),
            new Answered("`finish_reason: length`", "finish-length"),
            new Answered("`finish_reason: content_filter`", "finish-content-filter"),
            new Answered("refusals", "refusal"),
            new Streamed("streams", "stream"),
            new Streamed("usage in streams", "stream-with-usage"),
            new Streamed("tool calls in streams", "stream-tool-call"),
            new Streamed("several tool calls in streams", "stream-parallel-tool-calls"),
            new Streamed("thoughts in streams", "stream-reasoning"),
            new Streamed("errors in streams", "stream-error"));

    @Test
    @DisplayName("D2 D5 The table in docs/providers.md says of each dialect what its golden cases prove")
    void documented() throws IOException {
        var docs = Files.readString(Path.of("docs/providers.md"));

        assertThat(docs.substring(docs.indexOf(BEGIN) + BEGIN.length(), docs.indexOf(END)))
                .as("what belongs into docs/providers.md")
                .isEqualTo(table());
    }

    @Test
    @DisplayName("D2 No cell of it is without a case")
    void proven() {
        assertThat(FEATURES)
                .allSatisfy(feature -> assertThat(DIALECTS)
                        .extracting(feature::cell)
                        .doesNotContain("?")
                        .contains("yes"));
    }

    private static String table() {
        var lines = new ArrayList<String>();
        lines.add(line(Stream.concat(Stream.of("", "case"), DIALECTS.stream().map(Dialect::title))));
        lines.add("|" + "---|".repeat(DIALECTS.size() + 2));
        for (var feature : FEATURES) {
            lines.add(line(Stream.concat(
                    Stream.of(feature.title(), "`" + feature.golden() + "`"),
                    DIALECTS.stream().map(feature::cell))));
        }
        return String.join("\n", lines) + "\n";
    }

    private static String line(Stream<String> cells) {
        return cells.collect(Collectors.joining(" | ", "| ", " |"));
    }
}
