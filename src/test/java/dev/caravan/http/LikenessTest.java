package dev.caravan.http;

import static dev.caravan.http.Errors.json;
import static dev.caravan.testing.Providers.chat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.testing.RunningBroker;
import dev.caravan.testing.ScriptedUpstream;
import dev.caravan.testing.UsageTopic;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Free texts of which no two are equal, and which of them are alike by their vectors. */
class LikenessTest {

    private static final String CHAT = "/v1/chat/completions";

    private final RunningBroker broker = RunningBroker.shared();
    private final Members members = new Members()
            .saying("fruit", "Bananas are yellow")
            .saying("cat", "It is a cat")
            .saying("feline", "Some feline creature")
            .with("vectors", LikenessTest::vectors);

    @AfterEach
    void close() {
        members.close();
    }

    @Test
    @DisplayName(
            "A5 D4 An embedding model is asked once, as any model is, and its vectors tell which answers are alike")
    void byVectors() throws Exception {
        var response = ask(embeddings("vectors"));

        var answer = json(response.body());
        assertThat(text(answer)).as("these share no word").isEqualTo("It is a cat");
        var told = answer.path("caravan");
        assertThat(told.at("/verdict/by").asText()).isEqualTo("similarity");
        assertThat(told.at("/verdict/similarity/by").asText()).isEqualTo("embeddings");
        assertThat(told.at("/verdict/similarity/model").asText()).isEqualTo(members.name("vectors"));
        assertThat(told.at("/verdict/similarity/alike").asDouble()).isEqualTo(0.8);
        assertThat(told.at("/verdict/groups/0/members")).hasSize(2);
        assertThat(told.path("why").asText())
                .isEqualTo("2 of 3 members gave similar answers, by the vectors of '" + members.name("vectors")
                        + "'; this one is nearest their centre.");
        assertThat(told.path("members").findValuesAsText("agrees")).containsExactly("false", "true", "true");
        assertThat(told.at("/helpers/0/status").asText()).isEqualTo("answered");
        assertThat(told.at("/helpers/0/usage/prompt_tokens").asInt()).isEqualTo(7);
        var asked = members.asked("vectors");
        assertThat(asked)
                .singleElement()
                .satisfies(body -> assertThat(body.path("input"))
                        .extracting(JsonNode::asText)
                        .containsExactly("Bananas are yellow", "It is a cat", "Some feline creature"));
        assertThat(members.call("vectors").head()).startsWith("POST /v1/embeddings ");
        var event = UsageTopic.eventOf(id(response));
        assertThat(event.path("calls")).hasSize(4);
        assertThat(event.path("total_tokens").asInt())
                .isEqualTo(3 * 5 + 7)
                .isEqualTo(answer.at("/usage/total_tokens").asInt());
    }

    @Test
    @DisplayName("A5 From which cosine on texts are alike may be said; where none are, the first of them is the answer")
    void alike() {
        var told = json(ask("\"embeddings\":{\"model\":\"" + members.name("vectors") + "\",\"alike\":0.99}")
                        .body())
                .path("caravan");

        assertThat(told.at("/verdict/by").asText()).isEqualTo("votes");
        assertThat(told.at("/verdict/similarity/alike").asDouble()).isEqualTo(0.99);
        assertThat(told.at("/verdict/model").asText()).isEqualTo(members.name("fruit"));
    }

    @Test
    @DisplayName(
            "A5 An embedding model that fails, or has no vectors, loses no answer: shared words tell, which is told")
    void fails() {
        members.broken("broken")
                .saying("chatter", "no vectors")
                .with("flat", call -> call.json(200, list("[0,0]", "[0,0]", "[0,0]")));
        for (var model : List.of("broken", "chatter", "nobody", "flat")) {
            var answer = json(ask(embeddings(model)).body());

            assertThat(text(answer)).isEqualTo("Bananas are yellow");
            var told = answer.path("caravan");
            assertThat(told.at("/verdict/similarity/by").asText()).isEqualTo("token_overlap");
            assertThat(told.at("/verdict/similarity/because").asText()).contains(members.name(model));
            assertThat(told.at("/helpers/0/status").asText()).isEqualTo(model.equals("flat") ? "answered" : "failed");
        }
        members.saying("feline", "It is some cat");
        var told = json(ask(embeddings("broken")).body()).path("caravan");
        assertThat(told.path("why").asText())
                .startsWith("2 of 3 members gave similar answers, by the words they share, since '"
                        + members.name("broken") + "' gave no vectors (")
                .contains("out of order");
    }

    @Test
    @DisplayName("A5 An embedding model may take as long as members may; then its call is ended, and words tell")
    void late() throws Exception {
        members.silent("slow");

        var answer = json(ask(embeddings("slow") + ",\"deadline\":0.5").body());

        assertThat(text(answer)).isEqualTo("Bananas are yellow");
        assertThat(answer.at("/caravan/helpers/0/status").asText()).isEqualTo("late");
        assertThat(answer.at("/caravan/verdict/similarity/by").asText()).isEqualTo("token_overlap");
        assertThat(answer.path("latency_ms").asInt()).isLessThan(5000);
        members.call("slow").closedNanos();
        // without a deadline of its own it ends before the request does
        var brief = json(broker.post(CHAT, chat("some-name", cooperation(embeddings("slow")) + ",\"timeout\":2"))
                .body());
        assertThat(text(brief)).isEqualTo("Bananas are yellow");
    }

    @Test
    @DisplayName("A5 A judge who says nothing loses no answer either: the request's time does not end with it")
    void lateJudge() throws Exception {
        members.silent("judge");

        var answer = json(broker.post(
                        CHAT,
                        chat(
                                "some-name",
                                cooperation("\"strategy\":\"selective\",\"judge\":\"" + members.name("judge") + "\"")
                                        + ",\"timeout\":2"))
                .body());

        assertThat(text(answer)).isEqualTo("Bananas are yellow");
        assertThat(answer.at("/caravan/helpers").findValuesAsText("status")).containsExactly("late");
        assertThat(answer.at("/caravan/why").asText())
                .startsWith("'" + members.name("judge") + "' could not be asked")
                .contains("so answers were counted");
        members.call("judge").closedNanos();
    }

    @Test
    @DisplayName("A5 C6 max_cost counts vectors too: they are paid for, or not asked for, which is told")
    void cost() {
        var asked = json(ask("\"embeddings\":\"simulator:sim-embed\",\"max_cost\":0.001")
                        .body())
                .path("caravan");
        assertThat(asked.at("/verdict/similarity/by").asText()).isEqualTo("embeddings");
        assertThat(asked.path("cost").asDouble())
                .isPositive()
                .isEqualTo(asked.at("/helpers/0/cost").asDouble());

        var answer = json(ask("\"embeddings\":\"simulator:sim-embed\",\"max_cost\":0.0000001")
                .body());
        assertThat(text(answer)).isEqualTo("Bananas are yellow");
        var spared = answer.path("caravan");
        assertThat(spared.at("/helpers/0/status").asText()).isEqualTo("not_asked");
        assertThat(spared.at("/verdict/similarity/because").asText()).contains("max_cost");
        assertThat(spared.path("cost").asInt()).isZero();
    }

    @Test
    @DisplayName("A5 Vectors are asked for only where they decide: no two answers are equal, all are text and counted")
    void onlyWhereNeeded() {
        members.saying("again", "it is a cat!").saying("number", "42").saying("judge", "2");

        askThe(members.names("fruit", "cat", "again"), embeddings("vectors"));
        askThe(members.names("fruit", "cat", "number"), embeddings("vectors"));
        askThe(members.names("fruit"), embeddings("vectors"));
        askThe(
                members.names("fruit", "cat"),
                "\"strategy\":\"selective\",\"judge\":\"" + members.name("judge") + "\"," + embeddings("vectors"));
        askThe(members.names("fruit", "judge"), "\"strategy\":\"ensemble\"," + embeddings("vectors"));
        assertThat(members.asked("vectors")).isEmpty();

        members.saying("judge", "All are good.");
        askThe(
                members.names("fruit", "cat"),
                "\"strategy\":\"selective\",\"judge\":\"" + members.name("judge") + "\"," + embeddings("vectors"));
        assertThat(members.asked("vectors")).hasSize(1);
        broker.post(
                "/v1/cooperation/sequential",
                "{\"query\":\"Hi\",\"strategy\":\"weighted\",\"models\":" + members.names("fruit", "cat") + ","
                        + embeddings("vectors") + "}");
        assertThat(members.asked("vectors")).hasSize(2);
    }

    @Test
    @DisplayName("A5 B2 The same in a stream; a caller who leaves ends the call for vectors")
    void streamed() throws Exception {
        var body = chat("some-name", cooperation(embeddings("vectors")) + ",\"stream\":true");
        try (var client = StreamClient.ask(body)) {
            var events = client.events();
            assertThat(json(events.getFirst()).at("/choices/0/delta/content").asText())
                    .isEqualTo("It is a cat");
            assertThat(json(events.get(1)).at("/caravan/verdict/similarity/by").asText())
                    .isEqualTo("embeddings");
        }
        var asked = new CountDownLatch(1);
        members.with("vectors", call -> {
            asked.countDown();
            call.awaitClosed();
        });
        try (var client = StreamClient.ask(body)) {
            assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
            client.close();
            members.call("vectors").closedNanos();
            var event = UsageTopic.eventOf(client.requestId());
            assertThat(event.path("status_code").asInt()).isEqualTo(499);
            assertThat(event.path("calls")).hasSize(4);
        }
    }

    /** Cats stand near each other; all else is far from everything. */
    private static void vectors(ScriptedUpstream.Call call) throws Exception {
        var vectors = new ArrayList<String>();
        for (var text : json(call.body()).path("input")) {
            var isCat = text.asText().contains("cat") || text.asText().contains("feline");
            vectors.add(isCat ? text.asText().contains("cat") ? "[2,0.2,0]" : "[1,-0.1,0.3]" : "[0,0,1]");
        }
        call.json(200, list(vectors.toArray(String[]::new)));
    }

    private static String list(String... vectors) {
        var entries = new ArrayList<String>();
        for (var vector : vectors) {
            entries.add("{\"object\":\"embedding\",\"index\":%d,\"embedding\":%s}".formatted(entries.size(), vector));
        }
        return "{\"object\":\"list\",\"data\":[" + String.join(",", entries)
                + "],\"model\":\"v\",\"usage\":{\"prompt_tokens\":7,\"total_tokens\":7}}";
    }

    private String embeddings(String model) {
        return "\"embeddings\":\"" + members.name(model) + "\"";
    }

    private HttpResponse<String> ask(String more) {
        return broker.post(CHAT, chat("some-name", cooperation(more)));
    }

    private void askThe(String models, String more) {
        text(json(broker.post(CHAT, chat("some-name", "\"cooperation\":{\"models\":" + models + "," + more + "}"))
                .body()));
    }

    private String cooperation(String more) {
        return "\"cooperation\":{\"models\":" + members.names("fruit", "cat", "feline") + "," + more + "}";
    }

    private static String text(JsonNode answer) {
        assertThat(answer.has("error")).as(answer.toString()).isFalse();
        return answer.at("/choices/0/message/content").asText();
    }

    private static String id(HttpResponse<String> response) {
        return response.headers().firstValue("x-request-id").orElseThrow();
    }
}
