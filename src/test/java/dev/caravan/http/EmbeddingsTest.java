package dev.caravan.http;

import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static dev.caravan.http.Errors.error;
import static dev.caravan.http.Errors.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.embeddings.EmbeddingCreateParams;
import dev.caravan.testing.Providers;
import dev.caravan.testing.RunningBroker;
import dev.caravan.testing.ScriptedUpstream;
import dev.caravan.testing.UsageTopic;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Vectors of texts, over HTTP. */
class EmbeddingsTest {

    private static final String PATH = "/v1/embeddings";

    @RegisterExtension
    final WireMockExtension upstream = WireMockExtension.newInstance()
            .options(wireMockConfig().dynamicPort())
            .build();

    private final RunningBroker broker = RunningBroker.shared();
    private final OpenAIClient client = OpenAIOkHttpClient.builder()
            .baseUrl(broker.url() + "/v1")
            .apiKey(RunningBroker.CLIENT_KEY)
            .build();

    @Test
    @DisplayName("D4 B13 F7 The SDK embeds with the simulator: like texts have like vectors of length 1")
    void sdk() {
        var answer = client.embeddings()
                .create(ask("sim-embed")
                        .inputOfArrayOfStrings(List.of(
                                "The capital of France is Paris.",
                                "Paris is the capital of France!",
                                "Bananas are yellow and sweet."))
                        .build());

        assertThat(answer.model()).isEqualTo("sim-embed");
        assertThat(answer.usage().promptTokens())
                .isPositive()
                .isEqualTo(answer.usage().totalTokens());
        var vectors = answer.data().stream().map(each -> each.embedding()).toList();
        assertThat(vectors).allSatisfy(vector -> assertThat(dot(vector, vector)).isEqualTo(1, within(1e-5)));
        assertThat(dot(vectors.get(0), vectors.get(1))).isGreaterThan(0.9);
        assertThat(dot(vectors.get(0), vectors.get(2))).isLessThan(0.4);

        var shorter = client.embeddings()
                .create(ask("sim-embed").input("Paris").dimensions(64).build());
        assertThat(shorter.data().getFirst().embedding()).hasSize(64);
    }

    @ParameterizedTest
    @DisplayName("D4 The SDK gets the same vectors of every dialect, in both formats, at its own path")
    @CsvSource({
        "openai,openai,/embeddings",
        "gemini,gemini,/v1beta/models/m:batchEmbedContents",
        "aliyun,dashscope,/services/embeddings/text-embedding/text-embedding",
        "ollama,ollama,/api/embed",
        "zhipu,zhipu,/embeddings"
    })
    void dialects(String type, String golden, String path) throws Exception {
        var body = Files.readString(Path.of("src/test/golden", golden, "embeddings/several.answer.json"));
        try (var provider = ScriptedUpstream.start(call -> call.json(200, body))) {
            var name = Providers.create(type, provider.host(), "");
            var texts = List.of("a", "b", "c");

            for (var format :
                    List.of(EmbeddingCreateParams.EncodingFormat.BASE64, EmbeddingCreateParams.EncodingFormat.FLOAT)) {
                var answer = client.embeddings()
                        .create(ask(name + ":m")
                                .inputOfArrayOfStrings(texts)
                                .encodingFormat(format)
                                .build());
                assertThat(answer.data())
                        .extracting(each -> each.embedding())
                        .containsExactly(
                                List.of(0.0023064255f, -0.009327292f, -0.0028842222f, 1.5e-05f),
                                List.of(-0.0068945f, 0.019276723f, 0f, -0.1234567890123f),
                                List.of(1f, -1f, 0.333333343f, 1.17549435E-38f));
                assertThat(answer.data()).extracting(each -> each.index()).containsExactly(0L, 1L, 2L);
                assertThat(provider.next().head()).startsWith("POST " + path + " HTTP/1.1\r\n");
            }
        }
    }

    @Test
    @DisplayName("D4 OpenAI's kin gets the request and gives the answer as they came, to the byte of every number")
    void passedThrough() {
        var vector = "[0.00230642550000001, -9.327292E-3, 1]";
        upstream.stubFor(post(urlPathEqualTo("/v1/embeddings")).willReturn(okJson("""
                {"object":"list","data":[{"object":"embedding","index":0,"embedding":%s,"theirs":1}],"model":"m",\
                "usage":{"prompt_tokens":8,"total_tokens":8},"more":true}""".formatted(vector))));
        var name = Providers.create(upstream.baseUrl() + "/v1");

        for (var input : List.of("\"a\"", "[1,2,3]", "[[1,2]]")) {
            upstream.resetRequests();
            var response = broker.post(PATH, body(name + ":m", input, ",\"vendors_own\":[1.50],\"timeout\":60"));

            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            assertThat(response.body())
                    .contains("\"embedding\":" + vector + ",\"theirs\":1")
                    .contains("\"more\":true");
            upstream.verify(postRequestedFor(urlPathEqualTo("/v1/embeddings"))
                    .withRequestBody(equalToJson(body("m", input, ",\"vendors_own\":[1.50]"))));
            var answer = json(response.body());
            assertThat(answer.path("model").asText()).isEqualTo(name + ":m");
            assertThat(answer.path("provider").asText()).isEqualTo(name);
            assertThat(answer.has("id")).isFalse();
            var event = UsageTopic.eventOf(id(response));
            assertThat(event.path("endpoint").asText()).isEqualTo(PATH);
            assertThat(event.path("prompt_tokens").asInt()).isEqualTo(8);
            assertThat(event.path("completion_tokens").asInt()).isZero();
            assertThat(event.at("/calls/0/estimated").asBoolean()).isFalse();
        }
    }

    @Test
    @DisplayName("D4 C8 Vectors have a price")
    void cost() {
        var response = broker.post(PATH, body("sim-embed", "\"" + "word ".repeat(100) + "\"", ""));

        var event = UsageTopic.eventOf(id(response));
        assertThat(event.path("prompt_tokens").asInt()).isEqualTo(125);
        assertThat(event.path("cost").decimalValue()).isEqualByComparingTo("0.0000025");
    }

    @ParameterizedTest
    @DisplayName("D4 More texts than DashScope takes are asked in batches and come back in order; tokens are added up")
    @CsvSource({"text-embedding-v2,25", "text-embedding-v4,10"})
    void batches(String model, int most) throws Exception {
        var texts = IntStream.range(0, 57).mapToObj(String::valueOf).toList();
        var sizes = new ArrayList<Integer>();
        try (var provider = ScriptedUpstream.start(call -> {
            var asked = json(call.body()).at("/input/texts");
            synchronized (sizes) {
                sizes.add(asked.size());
            }
            var vectors = IntStream.range(0, asked.size())
                    .mapToObj(i -> "{\"text_index\":" + i + ",\"embedding\":["
                            + asked.path(i).asText() + ",0.5]}")
                    .collect(Collectors.joining(","));
            call.json(
                    200,
                    "{\"output\":{\"embeddings\":[" + vectors + "]},\"usage\":{\"total_tokens\":" + asked.size()
                            + "}}");
        })) {
            var name = Providers.create("aliyun", provider.host(), "");

            var answer = client.embeddings()
                    .create(ask(name + ":" + model).inputOfArrayOfStrings(texts).build());

            assertThat(answer.data())
                    .extracting(each -> each.embedding().getFirst())
                    .containsExactlyElementsOf(
                            texts.stream().map(Float::valueOf).toList());
            assertThat(answer.usage().promptTokens()).isEqualTo(57);
            assertThat(sizes).allMatch(size -> size <= most).hasSize(Math.ceilDiv(57, most));
        }
    }

    @Test
    @DisplayName(
            "D4 Anthropic has no embeddings: a clear 400, whatever 'unsupported' says, unless another provider can")
    void none() throws Exception {
        try (var provider = ScriptedUpstream.start(call -> call.json(200, "{}"))) {
            var name = Providers.create("anthropic", provider.host(), "");
            for (var more : List.of("", ",\"unsupported\":\"drop\"")) {
                var refused = error(broker.post(PATH, body(name + ":claude", "\"a\"", more)), 400, "invalid_request");
                assertThat(refused.path("message").asText()).startsWith("Anthropic's API has no embeddings");
                assertThat(refused.path("param").asText()).isEqualTo("model");
            }
            assertThat(provider.waiting()).isZero();
            var passed =
                    broker.post(PATH, body(name + ":sim-embed", "\"a\"", ",\"fallback_providers\":[\"simulator\"]"));
            assertThat(json(passed.body()).path("provider").asText())
                    .as(passed.body())
                    .isEqualTo("simulator");
        }
    }

    @ParameterizedTest
    @DisplayName(
            "D4 A provider's name alone stands for its vendor's model for embeddings, not for the one it chats with")
    @CsvSource({
        "openai,openai,text-embedding-3-small",
        "gemini,gemini,gemini-embedding-001",
        "zhipu,zhipu,embedding-3",
        "aliyun,dashscope,text-embedding-v2"
    })
    void defaults(String type, String golden, String model) throws Exception {
        var body = Files.readString(Path.of("src/test/golden", golden, "embeddings/basic.answer.json"));
        try (var provider = ScriptedUpstream.start(call -> call.json(200, body))) {
            var name = Providers.create(type, provider.host(), "\"default_model\":\"chats\"");

            var response = broker.post(PATH, body(name, "\"a\"", ""));

            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            var call = provider.next();
            assertThat(call.head() + call.body()).contains(model).doesNotContain("chats");
        }
    }

    @Test
    @DisplayName("D4 Tokens are for providers that take them; to others they are a clear 400")
    void tokens() throws Exception {
        try (var provider = ScriptedUpstream.start(call -> call.json(200, "{}"))) {
            var name = Providers.create("gemini", provider.host(), "");
            var refused = error(broker.post(PATH, body(name + ":m", "[[1,2]]", "")), 400, "invalid_request");
            assertThat(refused.path("param").asText()).isEqualTo("input");
            assertThat(provider.waiting()).isZero();
        }
    }

    @ParameterizedTest
    @DisplayName(
            "D4 100 vectors of 3072 numbers lose no bit, in either format from either, and are here in two seconds")
    @ValueSource(strings = {"float float", "float base64", "base64 float", "base64 base64"})
    void large(String formats) {
        var given = formats.split(" ")[0];
        var wanted = formats.split(" ")[1];
        var random = new Random(7);
        var vectors = IntStream.range(0, 100)
                .mapToObj(_ -> {
                    var vector = new float[3072];
                    for (var i = 0; i < vector.length; i++) {
                        vector[i] = (random.nextFloat() - 0.5f) / 16;
                    }
                    return vector;
                })
                .toList();
        var data = IntStream.range(0, vectors.size())
                .mapToObj(i -> "{\"object\":\"embedding\",\"index\":" + i + ",\"embedding\":"
                        + (given.equals("float") ? numbers(vectors.get(i)) : base64(vectors.get(i))) + "}")
                .collect(Collectors.joining(","));
        upstream.stubFor(post(urlPathEqualTo("/v1/embeddings"))
                .willReturn(okJson("{\"object\":\"list\",\"data\":[" + data
                        + "],\"model\":\"m\",\"usage\":{\"prompt_tokens\":8,\"total_tokens\":8}}")));
        var name = Providers.create(upstream.baseUrl() + "/v1");
        var texts = vectors.stream().map(_ -> "\"x\"").collect(Collectors.joining(",", "[", "]"));
        var began = System.nanoTime();

        var response = broker.post(PATH, body(name + ":m", texts, ",\"encoding_format\":\"" + wanted + "\""));

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
        var answer = json(response.body()).path("data");
        assertThat(answer).hasSize(100);
        for (var i = 0; i < 100; i++) {
            assertThat(floats(answer.path(i).path("embedding"))).isEqualTo(vectors.get(i));
        }
    }

    @ParameterizedTest
    @DisplayName("B10 Bad input is told with its field")
    @CsvSource(delimiter = '|', textBlock = """
                    {"model":"sim-embed"}                                         | input
                    {"model":"sim-embed","input":[]}                              | input
                    {"model":"sim-embed","input":["a",["b"]]}                     | input[1]
                    {"model":"sim-embed","input":[1,2.5]}                         | input[1]
                    {"model":"sim-embed","input":"a","dimensions":0}              | dimensions
                    {"model":"sim-embed","input":"a","encoding_format":"int8"}    | encoding_format
                    {"model":"sim-embed","input":"a","stream":true}               | stream
                    {"input":"a"}                                                 | model
                    """)
    void badInput(String body, String param) {
        assertThat(error(broker.post(PATH, body), 400, "invalid_request")
                        .path("param")
                        .asText())
                .isEqualTo(param);
    }

    @Test
    @DisplayName("C10 A provider that gives too few vectors, or something else, has failed; its 429 stays one")
    void failures() {
        upstream.stubFor(post(urlPathEqualTo("/v1/embeddings")).willReturn(okJson("""
                {"object":"list","data":[{"object":"embedding","index":0,"embedding":[1]}],"usage":{"prompt_tokens":1}}""")));
        var name = Providers.create(upstream.baseUrl() + "/v1", "\"retry\":{\"max_retries\":0}");

        var failed = error(broker.post(PATH, body(name + ":m", "[\"a\",\"b\"]", "")), 502, "inference_failed");
        assertThat(failed.path("message").asText()).contains("1 vectors for 2 texts");
        assertThat(failed.at("/details/cause").asText()).isEqualTo("undecodable");
        error(broker.post(PATH, body("sim-echo", "\"a\"", "")), 400, "invalid_request");
        error(
                broker.post(PATH, body("sim-embed", "\"a\"", ",\"retry_count\":0,\"simulate\":{\"status\":429}")),
                429,
                "rate_limit_exceeded");
    }

    private static EmbeddingCreateParams.Builder ask(String model) {
        return EmbeddingCreateParams.builder().model(model);
    }

    private static String body(String model, String input, String more) {
        return "{\"model\":\"" + model + "\",\"input\":" + input + more + "}";
    }

    private static double dot(List<Float> one, List<Float> other) {
        return IntStream.range(0, one.size())
                .mapToDouble(i -> (double) one.get(i) * other.get(i))
                .sum();
    }

    private static String numbers(float[] vector) {
        return IntStream.range(0, vector.length)
                .mapToObj(i -> Float.toString(vector[i]))
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static String base64(float[] vector) {
        var bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return "\"" + Base64.getEncoder().encodeToString(bytes.array()) + "\"";
    }

    private static float[] floats(JsonNode vector) {
        if (vector.isTextual()) {
            var buffer = ByteBuffer.wrap(Base64.getDecoder().decode(vector.textValue()))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer();
            var floats = new float[buffer.remaining()];
            buffer.get(floats);
            return floats;
        }
        var floats = new float[vector.size()];
        for (var i = 0; i < floats.length; i++) {
            floats[i] = Float.parseFloat(vector.get(i).asText());
        }
        return floats;
    }

    private static String id(HttpResponse<String> response) {
        return response.headers().firstValue("x-request-id").orElseThrow();
    }
}
