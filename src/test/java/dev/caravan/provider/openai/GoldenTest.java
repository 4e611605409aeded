package dev.caravan.provider.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.caravan.chat.ChatChunk;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ChatRequest;
import dev.caravan.chat.Extensions;
import dev.caravan.chat.Outcome;
import dev.caravan.chat.RawObject;
import dev.caravan.chat.StreamEvent;
import dev.caravan.provider.DecodedStream;
import dev.caravan.provider.HttpAnswer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Runs every case of {@code src/test/golden/openai}, whose README says what the files are. Trees are compared with the
 * order of their members and the text of their numbers.
 */
class GoldenTest {

    private static final Path FOLDER = Path.of("src/test/golden/openai");
    private static final String UPSTREAM_MODEL = "upstream-model";
    private static final String KEY = "sk-secret";
    private static final ObjectMapper JSON = new ObjectMapper()
            .setNodeFactory(JsonNodeFactory.withExactBigDecimals(true))
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private static final ChatRequest ASKED =
            new ChatRequest("m", false, false, Extensions.NONE, new RawObject("{}".getBytes(UTF_8), List.of()));

    private final OpenAiCodec codec = new OpenAiCodec();

    @TestFactory
    Stream<DynamicTest> requests() throws IOException {
        return cases("request.json")
                .map(name -> DynamicTest.dynamicTest("B1 " + name + ": the provider gets", () -> {
                    var call = codec.encode(request(name), UPSTREAM_MODEL, KEY).call();

                    assertThat(call.path()).isEqualTo("/chat/completions");
                    assertThat(call.headers()).isEqualTo(Map.of("Authorization", "Bearer " + KEY));
                    assertThat(pretty(call.body())).isEqualTo(pretty(bytes(name + ".upstream.json")));
                }));
    }

    @TestFactory
    Stream<DynamicTest> answers() throws IOException {
        return cases("answer.json")
                .map(name -> DynamicTest.dynamicTest("B1 " + name + ": the caller gets", () -> {
                    var outcome = codec.decode(ASKED, bytes(name + ".answer.json"));

                    assertThat(outcome).isInstanceOf(Outcome.Answered.class);
                    var whole = CompletionWriter.whole(
                            ((Outcome.Answered) outcome).response(), "chatcmpl-fresh", "fast", "upstream", 12);
                    assertThat(pretty(whole)).isEqualTo(pretty(bytes(name + ".response.json")));
                }));
    }

    @TestFactory
    Stream<DynamicTest> streams() throws IOException {
        return cases("sse")
                .map(name -> DynamicTest.dynamicTest("B2 " + name + ": the caller gets", () -> {
                    var events = JSON.createArrayNode();
                    for (var event : events(name)) {
                        events.add(event);
                    }
                    assertThat(events.toPrettyString()).isEqualTo(pretty(bytes(name + ".chunks.json")));
                }));
    }

    @TestFactory
    Stream<DynamicTest> errors() throws IOException {
        return cases("error.json")
                .map(name -> DynamicTest.dynamicTest("B10 " + name + ": the caller gets", () -> {
                    var golden = tree(name + ".error.json");
                    var given = golden.path("provider");
                    var headers = new HashMap<String, String>();
                    given.path("headers")
                            .properties()
                            .forEach(each ->
                                    headers.put(each.getKey(), each.getValue().asText()));
                    var body = given.path("body");
                    var answer = new HttpAnswer(
                            given.path("status").asInt(),
                            headers,
                            (body.isTextual() ? body.asText() : body.toString()).getBytes(UTF_8));

                    assertThat(told(codec.error("upstream", answer, KEY)).toPrettyString())
                            .isEqualTo(golden.path("caller").toPrettyString());
                }));
    }

    private List<JsonNode> events(String name) throws IOException {
        var told = new ArrayList<JsonNode>();
        var showUsage = name.endsWith("with-usage");
        var stream = new DecodedStream(
                codec.events(ASKED, new ByteArrayInputStream(bytes(name + ".sse")), null),
                () -> {},
                e -> DecodedStream.endedEarly());
        while (true) {
            switch (stream.next()) {
                case ChatChunk chunk -> {
                    var event = new String(
                            CompletionWriter.event(chunk, "chatcmpl-fixed", "fast", "upstream", showUsage), UTF_8);
                    assertThat(event).startsWith("data: ").endsWith("\n\n");
                    told.add(JSON.readTree(event.substring(6)));
                }
                case StreamEvent.Done _ -> {
                    told.add(JSON.getNodeFactory().textNode("done"));
                    return told;
                }
                case StreamEvent.Broken(var error) -> {
                    told.add(told(error));
                    return told;
                }
            }
        }
    }

    private static JsonNode told(ChatError error) {
        var told = JSON.createObjectNode()
                .put("status", error.status())
                .put("code", error.code().text())
                .put("message", error.message())
                .put("param", error.param())
                .put("cause", error.cause());
        var after = error.retryAfter();
        return after == null ? told : told.put("retry_after_ms", after.toMillis());
    }

    private static ChatRequest request(String name) throws IOException {
        var reading = ChatRequestReader.read(bytes(name + ".request.json"));
        assertThat(reading).isInstanceOf(ChatRequestReader.Valid.class);
        return ((ChatRequestReader.Valid) reading).request();
    }

    private static Stream<String> cases(String kind) throws IOException {
        try (var files = Files.list(FOLDER)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith("." + kind))
                    .map(name -> name.substring(0, name.length() - kind.length() - 1))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    private static JsonNode tree(String file) throws IOException {
        return JSON.readTree(bytes(file));
    }

    private static String pretty(byte[] json) throws IOException {
        return JSON.readTree(json).toPrettyString();
    }

    private static byte[] bytes(String file) throws IOException {
        return Files.readAllBytes(FOLDER.resolve(file));
    }
}
