package dev.caravan.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartImage;
import com.openai.models.chat.completions.ChatCompletionContentPartText;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionFunctionTool;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.completions.CompletionUsage;
import dev.caravan.testing.Providers;
import dev.caravan.testing.RunningBroker;
import dev.caravan.testing.ScriptedUpstream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One conversation, unchanged, with every type of provider, by the official SDKs: all print the same. */
class ConversationTest {

    private static final Path GOLDEN = Path.of("src/test/golden/conversation");
    private static final String SYSTEM = "You know the weather.";
    private static final String RESULT = "It has 18 degrees.";
    private static final String IMAGE =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJ" + "RU5ErkJggg==";
    private static final List<String> EXPECTED = List.of(
            "tool_calls: get_weather {\"city\":\"Paris\"}",
            "31 + 9 = 40 tokens",
            "stop: Paris: it has 18 °C.",
            "44 + 8 = 52 tokens");

    /** The types of providers, and the dialect that each speaks. */
    private enum Type {
        OPENAI("openai", "openai", true),
        OPENROUTER("openrouter", "openai", true),
        DEEPSEEK("deepseek", "openai", true),
        VLLM("vllm", "openai", true),
        LLAMACPP("llamacpp", "openai", true),
        OPENAI_COMPATIBLE("openai-compatible", "openai", true),
        ANTHROPIC("anthropic", "anthropic", false),
        GEMINI("gemini", "gemini", false),
        ALIYUN("aliyun", "dashscope", false),
        OLLAMA("ollama", "ollama", false),
        ZHIPU("zhipu", "zhipu", false);

        final String type;
        final Path golden;
        final boolean hasPath;

        Type(String type, String dialect, boolean hasPath) {
            this.type = type;
            this.golden = GOLDEN.resolve(dialect);
            this.hasPath = hasPath;
        }

        ScriptedUpstream upstream() {
            return ScriptedUpstream.start(this::answer);
        }

        String provider(ScriptedUpstream upstream) {
            return Providers.create(type, hasPath ? upstream.url() : upstream.host(), "");
        }

        private void answer(ScriptedUpstream.Call call) throws IOException {
            assertThat(call.body()).contains(SYSTEM, IMAGE, "get_weather");
            if (!call.body().contains(RESULT)) {
                call.json(200, Files.readString(golden.resolve("call.json")));
                return;
            }
            var lines = golden.resolve("answer.ndjson");
            call.wholeStream(Files.readAllBytes(Files.exists(lines) ? lines : golden.resolve("answer.sse")));
        }
    }

    @ParameterizedTest
    @DisplayName(
            "D2 D3 D5 B13 The same conversation (system, image, tool call, result, stream, usage), by the Java SDK")
    @EnumSource
    void inJava(Type type) {
        try (var upstream = type.upstream()) {
            assertThat(converse(type.provider(upstream) + ":m")).isEqualTo(EXPECTED);
        }
    }

    @Test
    @DisplayName("D2 D3 D5 B13 The same conversation with all types, by the packages 'openai' and 'ai' of npm")
    void inJavaScript() throws Exception {
        var folder = nodeFolder();
        var models = new LinkedHashMap<String, Type>();
        var upstreams = new ArrayList<ScriptedUpstream>();
        try {
            for (var type : Type.values()) {
                var upstream = type.upstream();
                upstreams.add(upstream);
                models.put(type.provider(upstream) + ":m", type);
            }
            var command = new ArrayList<>(List.of("node", "conversation.mjs"));
            command.addAll(models.keySet());
            var told = run(folder, command).lines().map(Errors::json).toList();

            assertThat(told.getFirst().path("lines"))
                    .extracting(JsonNode::asText)
                    .containsExactly("NotFoundError 404 model_not_found model");
            var answers = told.subList(1, told.size());
            assertThat(answers).hasSize(2 * Type.values().length);
            assertThat(answers)
                    .allSatisfy(answer -> assertThat(answer.path("lines"))
                            .as("%s by %s", models.get(answer.path("model").asText()), answer.path("client"))
                            .extracting(JsonNode::asText)
                            .isEqualTo(EXPECTED));
        } finally {
            upstreams.forEach(ScriptedUpstream::close);
        }
    }

    private static List<String> converse(String model) {
        var client = client();
        var question = ChatCompletionCreateParams.builder()
                .model(model)
                .addSystemMessage(SYSTEM)
                .addUserMessageOfArrayOfContentParts(List.of(
                        ChatCompletionContentPart.ofText(ChatCompletionContentPartText.builder()
                                .text("Which city is this, and how warm is it there?")
                                .build()),
                        ChatCompletionContentPart.ofImageUrl(ChatCompletionContentPartImage.builder()
                                .imageUrl(ChatCompletionContentPartImage.ImageUrl.builder()
                                        .url("data:image/png;base64," + IMAGE)
                                        .build())
                                .build())))
                .addTool(weather())
                .build();
        var asked = client.chat().completions().create(question);
        var choice = asked.choices().getFirst();
        var call = choice.message().toolCalls().orElseThrow().getFirst().asFunction();
        var second = question.toBuilder()
                .addMessage(choice.message())
                .addMessage(ChatCompletionToolMessageParam.builder()
                        .toolCallId(call.id())
                        .content(RESULT)
                        .build())
                .streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build();
        var text = new StringBuilder();
        var end = new ArrayList<String>();
        var used = new ArrayList<CompletionUsage>();
        try (var stream = client.chat().completions().createStreaming(second)) {
            stream.stream().forEach(chunk -> {
                chunk.usage().ifPresent(used::add);
                chunk.choices().forEach(each -> {
                    text.append(each.delta().content().orElse(""));
                    each.finishReason().ifPresent(reason -> end.add(reason.asString()));
                });
            });
        }
        return List.of(
                choice.finishReason().asString() + ": " + call.function().name() + " "
                        + Errors.json(call.function().arguments()),
                spent(asked.usage().orElseThrow()),
                String.join(",", end) + ": " + text,
                spent(used.getLast()));
    }

    private static ChatCompletionFunctionTool weather() {
        return ChatCompletionFunctionTool.builder()
                .function(FunctionDefinition.builder()
                        .name("get_weather")
                        .description("How warm it is in a city")
                        .parameters(FunctionParameters.builder()
                                .putAdditionalProperty("type", JsonValue.from("object"))
                                .putAdditionalProperty(
                                        "properties", JsonValue.from(Map.of("city", Map.of("type", "string"))))
                                .putAdditionalProperty("required", JsonValue.from(List.of("city")))
                                .build())
                        .build())
                .build();
    }

    private static String spent(CompletionUsage usage) {
        return "%d + %d = %d tokens".formatted(usage.promptTokens(), usage.completionTokens(), usage.totalTokens());
    }

    private static OpenAIClient client() {
        return OpenAIOkHttpClient.builder()
                .baseUrl(RunningBroker.shared().url() + "/v1")
                .apiKey(RunningBroker.CLIENT_KEY)
                .build();
    }

    /** Where the script and its packages are. The test is skipped, and says so, where Node or npm are not. */
    private static Path nodeFolder() throws Exception {
        for (var program : List.of("node", "npm")) {
            if (!isOnPath(program)) {
                var why = "No '" + program + "' on the PATH: the SDKs of JavaScript are not tested.";
                System.out.println(why);
                abort(why);
            }
        }
        var folder = Files.createDirectories(Path.of("target/node"));
        for (var name : List.of("conversation.mjs", "package.json", "package-lock.json", ".npmrc")) {
            Files.write(
                    folder.resolve(name),
                    Files.readAllBytes(Path.of("src/test/node").resolve(name)));
        }
        run(folder, List.of("npm", "ci", "--prefer-offline"));
        return folder;
    }

    private static boolean isOnPath(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static String run(Path folder, List<String> command) throws Exception {
        var errors = Files.createTempFile(folder, command.getFirst(), ".log");
        var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectError(errors.toFile());
        builder.environment()
                .putAll(Map.of("BASE_URL", RunningBroker.shared().url() + "/v1", "API_KEY", RunningBroker.CLIENT_KEY));
        var process = builder.start();
        try {
            var output = new String(process.getInputStream().readAllBytes(), UTF_8);
            var ended = process.waitFor(10, TimeUnit.SECONDS);
            assertThat(ended ? process.exitValue() : -1)
                    .as("%s:\n%s\n%s", command, output, Files.readString(errors))
                    .isZero();
            return output;
        } finally {
            process.destroyForcibly();
        }
    }
}
