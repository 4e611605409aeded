package dev.caravan.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.caravan.testing.EditedFiles;
import dev.caravan.testing.Providers;
import dev.caravan.testing.RunningBroker;
import dev.caravan.testing.ScriptedUpstream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RoutingTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MODELS = "config/models.yaml";

    private final RunningBroker broker = RunningBroker.shared();

    @Test
    @DisplayName("A4 POST /v1/route tells model, provider, kind of work, score, features and reasons, and asks nobody")
    void explains() {
        var answer = ok(broker.post("/v1/route", "{\"query\":\"Hello!\"}"));

        assertThat(answer.path("model").asText()).isEqualTo("sim-small");
        assertThat(answer.path("provider").asText()).isEqualTo("simulator");
        assertThat(answer.path("task_type").asText()).isEqualTo("chat");
        assertThat(answer.at("/complexity/score").asDouble()).isBetween(0.0, 1.0);
        assertThat(answer.at("/complexity/features/length").asInt()).isEqualTo(6);
        assertThat(answer.at("/complexity/features/form").isObject()).isTrue();
        assertThat(answer.path("reasons")).isNotEmpty().allMatch(JsonNode::isTextual);
    }

    @Test
    @DisplayName("A4 POST /v1/route takes messages as in a chat request too, and looks at what the user said last")
    void messages() {
        var answer = ok(broker.post("/v1/route", """
                {"messages":[{"role":"user","content":"Prove it."},{"role":"assistant","content":"Done."},
                {"role":"user","content":[{"type":"text","text":"What is on it?"},
                {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}]}"""));

        assertThat(answer.path("task_type").asText()).isEqualTo("vision");
        assertThat(answer.path("tier").asText()).isEqualTo("multimodal");
        assertThat(answer.at("/complexity/features/images").asInt()).isEqualTo(1);
        assertThat(answer.at("/complexity/features/messages").asInt()).isEqualTo(3);
        assertThat(answer.path("model").asText()).isEqualTo("sim-large");
    }

    @Test
    @DisplayName("B12 POST /v1/route tells of a model that stands for itself where it would go")
    void namedModel() {
        var answer = ok(broker.post("/v1/route", "{\"query\":\"x\",\"model\":\"sim-echo\"}"));

        assertThat(answer.path("model").asText()).isEqualTo("sim-echo");
        assertThat(answer.path("provider").asText()).isEqualTo("simulator");
        assertThat(answer.path("reasons").toString()).contains("stands for itself");
    }

    @Test
    @DisplayName("A4 B10 What is wrong with a question is told with its field")
    void wrongQuestions() {
        refused(broker.post("/v1/route", "{}"), 400, "invalid_request", "query");
        refused(broker.post("/v1/route", "{\"query\":1}"), 400, "invalid_request", "query");
        refused(broker.post("/v1/route", "{\"query\":\"x\",\"messages\":[]}"), 400, "invalid_request", "query");
        refused(broker.post("/v1/route", "{\"messages\":[]}"), 400, "invalid_request", "messages");
        refused(
                broker.post("/v1/route", "{\"query\":\"x\",\"context\":{\"tier\":\"huge\"}}"),
                400,
                "invalid_request",
                "context.tier");
        refused(broker.post("/v1/route", "{\"query\":\"x\",\"model\":\"nobody\"}"), 404, "model_not_found", "model");
        assertThat(broker.post("/v1/route", "nonsense").statusCode()).isEqualTo(400);
        assertThat(broker.send(broker.request("/v1/route", "wrong").POST(HttpRequest.BodyPublishers.ofString("{}")))
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    @DisplayName("A4 B4 Model auto answers, says which model it was, and stands in the list")
    void auto() {
        var response = broker.post("/v1/chat/completions", chat("auto", "Hello!", ""));
        var answer = ok(response);

        assertThat(answer.path("model").asText()).isEqualTo("sim-small");
        assertThat(response.headers().firstValue("x-caravan-model")).hasValue("sim-small");
        assertThat(ok(broker.get("/v1/models")).path("data").findValuesAsText("id"))
                .contains("auto")
                .doesNotHaveDuplicates();
        var card = ok(broker.get("/v1/models/auto"));
        assertThat(card.path("owned_by").asText()).isEqualTo("caravan");
        assertThat(card.path("status").asText()).isIn("up", "unknown");
    }

    @Test
    @DisplayName("A4 B13 The SDK asks auto and gets a stream that names the chosen model")
    void sdk() {
        var client = OpenAIOkHttpClient.builder()
                .baseUrl(broker.url() + "/v1")
                .apiKey(RunningBroker.CLIENT_KEY)
                .build();
        var params = ChatCompletionCreateParams.builder()
                .model("auto")
                .addUserMessage("Hello!")
                .build();

        try (var stream = client.chat().completions().createStreaming(params)) {
            assertThat(stream.stream().map(chunk -> chunk.model()).distinct()).containsExactly("sim-small");
        }
    }

    @Test
    @DisplayName("A4 The context in the body and the header steer the choice, and reach no provider")
    void steered() throws Exception {
        try (var upstream = ScriptedUpstream.start(call -> call.json(200, Providers.completion("Hi")));
                var files = new EditedFiles()) {
            var name = Providers.create(upstream.url());
            choices(files, """
                      - name: choice-1
                        route:
                          lightweight: [sim-small]
                          reasoning: ["%s:strong"]
                    """.formatted(name));

            var body = ok(broker.post(
                    "/v1/chat/completions", chat("choice-1", "Hello!", ",\"context\":{\"tier\":\"reasoning\"}")));
            assertThat(body.path("model").asText()).isEqualTo(name + ":strong");
            assertThat(upstream.next().body()).contains("\"model\":\"strong\"").doesNotContain("context");

            var header = broker.send(broker.request("/v1/chat/completions", RunningBroker.CLIENT_KEY)
                    .header("x-caravan-context", "{\"tier\":\"reasoning\"}")
                    .POST(HttpRequest.BodyPublishers.ofString(chat("choice-1", "Hello!", ""))));
            assertThat(ok(header).path("model").asText()).isEqualTo(name + ":strong");
            refused(
                    broker.post("/v1/chat/completions", chat("choice-1", "x", ",\"context\":{\"max_cost\":-1}")),
                    400,
                    "invalid_request",
                    "context.max_cost");
        }
    }

    @Test
    @DisplayName(
            "A4 B8 A chosen model that fails falls back to the others of the choice, and the answer says which it was")
    void fallsBack() throws Exception {
        try (var upstream = ScriptedUpstream.start(call -> call.json(500, "{\"error\":{\"message\":\"broken\"}}"));
                var files = new EditedFiles()) {
            var name = Providers.create(upstream.url());
            choices(files, """
                      - name: choice-2
                        route:
                          lightweight: ["%s:weak", sim-echo]
                    """.formatted(name));

            var answer = ok(broker.post("/v1/chat/completions", chat("choice-2", "Hello!", "")));

            assertThat(answer.path("model").asText()).isEqualTo("sim-echo");
            assertThat(answer.path("provider").asText()).isEqualTo("simulator");
        }
    }

    @Test
    @DisplayName("A4 /health tells how each name chooses, by what, and what is known of its models")
    void health() throws Exception {
        for (var i = 0; i < 3; i++) {
            ok(broker.post("/v1/chat/completions", chat("sim-small", "x", "")));
        }
        try (var files = new EditedFiles()) {
            choices(files, """
                      - name: choice-3
                        route:
                          lightweight: [sim-large, sim-small]
                          prefer: cheapest
                          strong_share: 10%
                    """);

            var choice = choice("choice-3");
            assertThat(choice.path("prefer").asText()).isEqualTo("cheapest");
            assertThat(choice.path("strong_share").asDouble()).isEqualTo(0.1);
            var light = choice.at("/tiers/lightweight");
            assertThat(light.path("why").asText()).startsWith("the cheapest");
            assertThat(light.at("/models/0/model").asText()).isEqualTo("sim-small");
            assertThat(light.at("/models/0/input_price").asDouble()).isEqualTo(0.2);
            assertThat(light.at("/models/0/answer_p50_ms").asDouble()).isPositive();
        }
    }

    @Test
    @DisplayName("A4 Strong models get no more than their share, however hard all questions are")
    void share() throws Exception {
        try (var files = new EditedFiles()) {
            choices(files, """
                      - name: choice-7
                        route:
                          lightweight: [sim-echo]
                          reasoning: [simulator:sim-oracle-100-1]
                          strong_share: 20%
                    """);
            var hard = chat("choice-7", "Prove step by step, and compare: why are there so many primes?", "");

            var strong = IntStream.range(0, 60)
                    .filter(_ -> !ok(broker.post("/v1/chat/completions", hard))
                            .path("model")
                            .asText()
                            .equals("sim-echo"))
                    .count();

            assertThat(strong).isBetween(1L, 12L);
            assertThat(choice("choice-7").path("strong_requests").asDouble()).isLessThanOrEqualTo(0.2);
        }
    }

    @Test
    @DisplayName("A4 A wrong choice in models.yaml changes nothing and is told with its line")
    void wrongFile() throws Exception {
        try (var files = new EditedFiles()) {
            files.write(MODELS, files.text(MODELS) + """
                      - name: choice-4
                        route:
                          lightweight: [choice-4]
                          strong_share: 30
                          prefer: best
                    """);
            assertThat(files.awaitError(MODELS).toString()).contains("'choice-4' cannot choose itself");
            assertThat(files.config().path("errors").toString())
                    .contains("a share such as 30% or 0.3")
                    .contains("'order', 'cheapest', 'fastest' or 'weighted'");
        }
    }

    @Test
    @DisplayName("A4 A5 A choice may fall on a council, whose answer is the request's, under the council's name")
    void council() throws Exception {
        try (var files = new EditedFiles()) {
            choices(files, """
                      - name: pair-5
                        council: {models: [sim-echo, sim-echo]}
                      - name: choice-5
                        route:
                          lightweight: [pair-5, sim-small]
                    """);

            var response = broker.post("/v1/chat/completions", chat("choice-5", "Hello!", ",\"context\":{}"));
            var answer = ok(response);
            assertThat(answer.path("model").asText()).isEqualTo("pair-5");
            assertThat(response.headers().firstValue("x-caravan-model")).hasValue("pair-5");
            assertThat(answer.at("/choices/0/message/content").asText()).isEqualTo("Hello!");
            assertThat(answer.at("/caravan/members")).hasSize(2);

            var inference = ok(broker.post("/v1/inference", "{\"prompt\":\"Hello!\",\"model_name\":\"choice-5\"}"));
            assertThat(inference.path("model_name").asText()).isEqualTo("pair-5");
            assertThat(inference.path("text").asText()).isEqualTo("Hello!");

            var chosen = ok(broker.post("/v1/route", "{\"query\":\"Hello!\",\"model\":\"choice-5\"}"));
            assertThat(chosen.path("model").asText()).isEqualTo("pair-5");
            assertThat(chosen.path("provider").asText()).isEqualTo("caravan");
            assertThat(chosen.path("reasons").toString()).contains("sim-echo, sim-echo answer together");
            var named = ok(broker.post("/v1/route", "{\"query\":\"Hello!\",\"model\":\"pair-5\"}"));
            assertThat(named.path("reasons").toString()).contains("is a council");
            assertThat(choice("choice-5")
                            .at("/tiers/lightweight/models/0/model")
                            .asText())
                    .isEqualTo("pair-5");

            // what a council cannot do goes to the others
            var completion = ok(broker.post("/v1/completions", "{\"model\":\"choice-5\",\"prompt\":\"Hello!\"}"));
            assertThat(completion.path("model").asText()).isEqualTo("sim-small");
            var provided =
                    ok(broker.post("/v1/chat/completions", chat("choice-5", "Hello!", ",\"provider\":\"simulator\"")));
            assertThat(provided.path("model").asText()).isEqualTo("sim-small");
            refused(
                    broker.post("/v1/completions", "{\"model\":\"pair-5\",\"prompt\":\"Hello!\"}"),
                    400,
                    "invalid_request",
                    "model");
        }
    }

    @Test
    @DisplayName("A4 A5 A request that says itself who answers together leaves nothing to choose")
    void cooperation() {
        var answer = ok(broker.post(
                "/v1/chat/completions",
                chat("auto", "Hello!", ",\"cooperation\":{\"models\":[\"sim-echo\",\"sim-echo\"]}")));

        assertThat(answer.path("model").asText()).isEqualTo("auto");
        assertThat(answer.at("/caravan/members")).hasSize(2);
    }

    @Test
    @DisplayName(
            "A4 A5 A name that stands for a choice is no member of a council: the choice might fall on the council")
    void noMember() throws Exception {
        refused(
                broker.post(
                        "/v1/chat/completions",
                        chat("x", "Hello!", ",\"cooperation\":{\"models\":[\"sim-echo\",\"auto\"]}")),
                400,
                "invalid_request",
                "cooperation.models[1]");
        try (var files = new EditedFiles()) {
            files.write(MODELS, files.text(MODELS) + """
                      - name: pair-6
                        council: {models: [sim-echo, choice-6]}
                      - name: choice-6
                        route:
                          lightweight: [pair-6]
                    """);
            assertThat(files.awaitError(MODELS).toString()).contains("'choice-6' stands for a choice among models");
        }
    }

    @Test
    @DisplayName("A4 Completions are chosen for by their prompt; vectors are not chosen for")
    void operations() {
        var completion = ok(broker.post("/v1/completions", "{\"model\":\"auto\",\"prompt\":\"Hello!\"}"));
        assertThat(completion.path("object").asText()).isEqualTo("text_completion");
        assertThat(completion.path("model").asText()).isEqualTo("sim-small");
        var steered = ok(broker.post(
                "/v1/completions", "{\"model\":\"auto\",\"prompt\":\"Hello!\",\"context\":{\"tier\":\"reasoning\"}}"));
        assertThat(steered.path("model").asText()).isEqualTo("sim-large");
        refused(
                broker.post("/v1/embeddings", "{\"model\":\"auto\",\"input\":\"Hello!\"}"),
                400,
                "invalid_request",
                "model");
    }

    private void choices(EditedFiles files, String yaml) {
        files.write(MODELS, files.text(MODELS) + yaml.indent(0));
        assertThat(broker.admin("POST", "/admin/config/reload", "").statusCode())
                .isEqualTo(200);
    }

    private JsonNode choice(String name) {
        for (var choice : ok(broker.get("/health")).path("choices")) {
            if (choice.path("name").asText().equals(name)) {
                return choice;
            }
        }
        throw new AssertionError(name);
    }

    private static String chat(String model, String text, String more) {
        return "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]" + more
                + "}";
    }

    private static JsonNode ok(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return json(response);
    }

    private static void refused(HttpResponse<String> response, int status, String code, String param) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(json(response).at("/error/code").asText()).isEqualTo(code);
        assertThat(json(response).at("/error/param").asText()).isEqualTo(param);
    }

    private static JsonNode json(HttpResponse<String> response) {
        try {
            return JSON.readTree(response.body());
        } catch (JsonProcessingException e) {
            throw new AssertionError(response.body(), e);
        }
    }
}
