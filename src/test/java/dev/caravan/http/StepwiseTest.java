package dev.caravan.http;

import static dev.caravan.http.Errors.error;
import static dev.caravan.http.Errors.json;
import static dev.caravan.testing.Providers.chat;
import static dev.caravan.testing.Providers.chunk;
import static dev.caravan.testing.Providers.completion;
import static dev.caravan.testing.Providers.lastChunk;
import static dev.caravan.testing.Providers.usageChunk;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.testing.RunningBroker;
import dev.caravan.testing.UsageTopic;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Models that work one after the other: in sequence, in a pipeline, in a cascade. */
class StepwiseTest {

    private final RunningBroker broker = RunningBroker.shared();
    private final Members members = new Members();

    @AfterEach
    void close() {
        members.close();
    }

    @Test
    @DisplayName("A5 sequential: each sees the question and the work so far; the last one writes the answer")
    void sequential() {
        members.saying("a", "draft").saying("b", "better draft").saying("c", "final");

        var response = sequential(members.names("a", "b", "c"), "");

        var answer = json(response.body());
        assertThat(text(answer)).isEqualTo("final");
        assertThat(members.asked("a").getFirst().path("messages")).hasSize(1);
        var second = members.asked("b").getFirst().at("/messages/1/content").asText();
        assertThat(second).contains("<answer number=\"1\">\ndraft\n</answer>").contains("Go on with this work");
        var third = members.asked("c").getFirst().at("/messages/1/content").asText();
        assertThat(third).contains("draft", "better draft", "You are the last");
        assertThat(answer.at("/caravan/why").asText())
                .isEqualTo("'" + members.name("c") + "' wrote it on the work of 2 before it.");
        var event = UsageTopic.eventOf(id(response));
        assertThat(event.path("calls")).hasSize(3);
        assertThat(event.path("total_tokens").asInt()).isEqualTo(15);
        assertThat(event.path("endpoint").asText()).isEqualTo("/v1/cooperation/sequential");
    }

    @Test
    @DisplayName(
            "A5 sequential: a member that fails is passed over while the quorum can be met, and ends it where it cannot")
    void sequentialFailures() {
        members.saying("a", "draft").broken("broken").saying("c", "final");

        var answer = json(sequential(members.names("a", "broken", "c"), "").body());
        assertThat(text(answer)).isEqualTo("final");
        assertThat(answer.at("/caravan/members/1/status").asText()).isEqualTo("failed");

        var last = json(sequential(members.names("a", "c", "broken"), "").body());
        assertThat(text(last)).isEqualTo("final");
        assertThat(last.at("/caravan/why").asText()).contains("Nobody after it answered");

        var before = members.asked("c").size();
        error(sequential(members.names("broken", "broken", "c"), ""), 503, "service_unavailable");
        assertThat(members.asked("c")).hasSize(before);
    }

    @Test
    @DisplayName("A5 sequential: weighted and selective decide which contribution is the answer")
    void sequentialStrategies() {
        members.saying("a", "one").saying("b", "two").saying("judge", "1");

        var weighted = json(sequential(
                        "[{\"model\":\"%s\",\"weight\":3},\"%s\"]".formatted(members.name("a"), members.name("b")),
                        ",\"integration_strategy\":\"weighted\"")
                .body());
        assertThat(text(weighted)).isEqualTo("one");
        var selective = json(sequential(
                        members.names("b", "a"),
                        ",\"strategy\":\"selective\",\"judge\":\"" + members.name("judge") + "\"")
                .body());
        assertThat(text(selective)).isEqualTo("two");
        assertThat(selective.at("/caravan/verdict/by").asText()).isEqualTo("judge");
    }

    @Test
    @DisplayName("A5 B2 sequential, streamed: the last member's answer comes as it is written")
    void sequentialStreamed() throws Exception {
        members.saying("a", "draft")
                .with(
                        "b",
                        call -> call.stream()
                                .event(chunk("fin"))
                                .event(chunk("al"))
                                .event(lastChunk())
                                .event(usageChunk())
                                .event("[DONE]")
                                .end());
        try (var client = StreamClient.ask(chat(
                "some-name",
                "\"stream\":true,\"cooperation\":{\"mode\":\"sequential\",\"models\":" + members.names("a", "b")
                        + "}"))) {
            var events = client.events();
            assertThat(events).hasSize(4);
            assertThat(json(events.get(1)).at("/choices/0/delta/content").asText())
                    .isEqualTo("al");
            assertThat(json(events.get(2)).at("/caravan/verdict/by").asText()).isEqualTo("sequence");
            assertThat(json(events.get(2)).at("/caravan/usage/total_tokens").asInt())
                    .isEqualTo(10);
        }
    }

    @Test
    @DisplayName("A5 A deadline ends a sequence; the work that is there stands")
    void sequentialDeadline() throws Exception {
        members.saying("a", "draft").silent("slow").saying("c", "final");

        var answer = json(sequential(members.names("a", "slow", "c"), ",\"deadline\":0.5,\"quorum\":1")
                .body());

        assertThat(text(answer)).isEqualTo("draft");
        assertThat(answer.at("/caravan/members").findValuesAsText("status"))
                .containsExactly("answered", "late", "waiting");
        members.call("slow").closedNanos();
    }

    @Test
    @DisplayName("A5 pipeline: each step has its model, task and parameters, and works on what the one before has made")
    void pipeline() {
        members.saying("a", "the analysis").saying("b", "the summary");

        var response = broker.post(
                "/v1/cooperation/pipeline",
                "{\"query\":\"The text\",\"max_tokens\":500,\"pipeline_config\":["
                        + "{\"model\":\"" + members.name("a") + "\",\"task\":\"analysis\",\"params\":{}},"
                        + "{\"model\":\"" + members.name("b")
                        + "\",\"task\":\"summary\",\"params\":{\"max_tokens\":200}}]}");

        var answer = json(response.body());
        assertThat(text(answer)).isEqualTo("the summary");
        var first = members.asked("a").getFirst();
        assertThat(first.at("/messages/0/role").asText()).isEqualTo("system");
        assertThat(first.at("/messages/0/content").asText())
                .startsWith("Analyse")
                .endsWith("The text");
        assertThat(first.at("/messages/1/content").asText()).isEqualTo("The text");
        assertThat(first.path("max_tokens").asInt()).isEqualTo(500);
        var second = members.asked("b").getFirst();
        assertThat(second.at("/messages/1/content").asText()).isEqualTo("the analysis");
        assertThat(second.path("max_tokens").asInt()).isEqualTo(200);
        assertThat(answer.at("/caravan/members/1/task").asText()).isEqualTo("summary");
        assertThat(answer.at("/caravan/why").asText()).isEqualTo("All 2 steps were done.");
        assertThat(UsageTopic.eventOf(id(response)).path("calls")).hasSize(2);
    }

    @Test
    @DisplayName("A5 pipeline: a step that fails names itself, and nothing is done after it")
    void pipelineFails() {
        members.saying("a", "the analysis").broken("broken").saying("c", "never");

        var error = error(
                broker.post(
                        "/v1/cooperation/pipeline",
                        "{\"query\":\"Hi\",\"steps\":[" + step("a", "analysis") + "," + step("broken", "review") + ","
                                + step("c", "summary") + "]}"),
                502,
                "inference_failed");

        assertThat(error.path("message").asText())
                .startsWith("Step 2 of 3 ('review' by '" + members.name("broken") + "') failed: ")
                .contains("out of order");
        assertThat(members.asked("c")).isEmpty();
    }

    @Test
    @DisplayName("A5 B2 pipeline, streamed: the last step comes as it is written")
    void pipelineStreamed() throws Exception {
        members.saying("a", "the analysis")
                .with(
                        "b",
                        call -> call.stream()
                                .event(chunk("sum"))
                                .event(lastChunk())
                                .event(usageChunk())
                                .event("[DONE]")
                                .end());
        try (var client = StreamClient.ask(chat(
                "some-name",
                "\"stream\":true,\"cooperation\":{\"mode\":\"pipeline\",\"steps\":[" + step("a", "analysis") + ","
                        + step("b", "summary") + "]}"))) {
            var events = client.events();
            assertThat(json(events.getFirst()).at("/choices/0/delta/content").asText())
                    .isEqualTo("sum");
            assertThat(json(events.get(1)).at("/caravan/verdict/by").asText()).isEqualTo("pipeline");
            assertThat(UsageTopic.eventOf(client.requestId()).path("calls")).hasSize(2);
        }
    }

    @Test
    @DisplayName("A5 cascade: two samples that agree are enough; where they differ the next model is asked")
    void agreement() {
        var sample = new AtomicInteger();
        members.saying("sure", "42")
                .with("unsure", call -> call.json(200, completion("4" + sample.incrementAndGet())))
                .saying("strong", "42");

        var first = json(
                cascade(members.names("sure", "strong"), "{\"agreement\":true}").body());
        assertThat(text(first)).isEqualTo("42");
        assertThat(members.asked("strong")).isEmpty();
        assertThat(first.at("/caravan/why").asText()).endsWith("answered: two samples agree.");
        assertThat(first.at("/caravan/members/1/status").asText()).isEqualTo("waiting");

        var second = json(cascade(members.names("unsure", "strong"), "{\"agreement\":true}")
                .body());
        assertThat(second.at("/caravan/verdict/model").asText()).isEqualTo(members.name("strong"));
        assertThat(second.at("/usage/total_tokens").asInt()).isEqualTo(15);
    }

    @Test
    @DisplayName("A5 cascade: a judge's mark, a JSON schema or an expression decides")
    void checks() {
        members.saying("weak", "I guess {\\\"city\\\":1}")
                .saying("strong", "{\\\"city\\\":\\\"Paris\\\"}")
                .with("judge", call -> call.json(200, completion(call.body().contains("Paris") ? "9" : "Mark: 3.5")));
        var strict = "{\"json_schema\":{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}}";

        for (var check :
                new String[] {"{\"judge\":\"" + members.name("judge") + "\"}", strict, "{\"pattern\":\"Paris\"}"}) {
            var answer = json(cascade(members.names("weak", "strong"), check).body());
            assertThat(answer.at("/caravan/verdict/model").asText())
                    .as(answer.toString())
                    .isEqualTo(members.name("strong"));
            var passed = json(cascade(members.names("strong", "weak"), check).body());
            assertThat(passed.at("/caravan/verdict/by").asText()).isEqualTo("check");
            assertThat(passed.at("/caravan/members/1/status").asText()).isEqualTo("waiting");
        }
    }

    @Test
    @DisplayName("A5 cascade: the money saved is what the last model would have cost for as much, less what was spent")
    void saved() {
        var answer = json(broker.post(
                        "/v1/chat/completions",
                        chat(
                                "some-name",
                                "\"cooperation\":{\"mode\":\"cascade\",\"models\":[\"sim-echo\",\"sim-large\"],"
                                        + "\"check\":{\"pattern\":\"Hi\"}}"))
                .body());

        assertThat(text(answer)).isEqualTo("Hi");
        var told = answer.path("caravan");
        var tokens = told.path("usage");
        var dear = (tokens.path("prompt_tokens").asDouble() * 2
                        + tokens.path("completion_tokens").asDouble() * 8)
                / 1e6;
        assertThat(told.path("cost").asDouble()).isPositive();
        assertThat(told.path("saved").asDouble())
                .isCloseTo(dear - told.path("cost").asDouble(), within(1e-12))
                .isPositive();
    }

    @Test
    @DisplayName(
            "A5 cascade: where nobody better can be had, the last answer is given, and it is told that it did not pass")
    void nobodyBetter() {
        members.saying("weak", "no").broken("broken");

        var answer = json(cascade(members.names("weak", "broken"), "{\"pattern\":\"yes\"}")
                .body());
        assertThat(text(answer)).isEqualTo("no");
        assertThat(answer.at("/caravan/why").asText())
                .isEqualTo("Tier 1 of 2, '" + members.name("weak")
                        + "', answered, and no better answer was to be had, although it has not the wanted form.");
        error(cascade(members.names("broken", "broken"), "{\"pattern\":\"yes\"}"), 503, "service_unavailable");
    }

    @Test
    @DisplayName(
            "A5 max_cost: who might exceed it is not asked, and the answer says so; where nobody can be, it is a 400")
    void maxCost() {
        var cooperation = "\"cooperation\":{\"models\":[\"sim-large\",\"sim-echo\"],\"max_cost\":%s}";

        var answer = json(broker.post("/v1/chat/completions", chat("some-name", cooperation.formatted("0.001")))
                .body());
        assertThat(text(answer)).isEqualTo("Hi");
        assertThat(answer.at("/caravan/members/0/status").asText()).isEqualTo("not_asked");
        assertThat(answer.at("/caravan/max_cost").asDouble()).isEqualTo(0.001);
        assertThat(answer.at("/caravan/cost").asDouble()).isLessThan(0.001);

        var error = error(
                broker.post("/v1/chat/completions", chat("some-name", cooperation.formatted("0.000001"))),
                400,
                "invalid_request");
        assertThat(error.path("param").asText()).isEqualTo("cooperation.max_cost");
        assertThat(error.path("message").asText()).contains("'sim-echo' was not asked");
    }

    @Test
    @DisplayName("A5 max_cost leaves room for the judge; a short answer is a cheap one")
    void maxCostOfJudge() {
        var answer = json(broker.post(
                        "/v1/chat/completions",
                        chat(
                                "some-name",
                                "\"max_tokens\":20,\"cooperation\":{\"models\":[\"sim-echo\",\"sim-small\"],"
                                        + "\"strategy\":\"ensemble\",\"judge\":\"sim-large\",\"max_cost\":0.01}"))
                .body());

        assertThat(answer.at("/caravan/verdict/by").asText())
                .as(answer.toString())
                .isEqualTo("synthesis");
        assertThat(answer.at("/caravan/helpers/0/cost").asDouble()).isPositive();
    }

    private String step(String model, String task) {
        return "{\"model\":\"" + members.name(model) + "\",\"task\":\"" + task + "\"}";
    }

    private HttpResponse<String> sequential(String models, String more) {
        return broker.post("/v1/cooperation/sequential", "{\"query\":\"Hi\",\"models\":" + models + more + "}");
    }

    private HttpResponse<String> cascade(String models, String check) {
        return broker.post(
                "/v1/chat/completions",
                chat(
                        "some-name",
                        "\"cooperation\":{\"mode\":\"cascade\",\"models\":" + models + ",\"check\":" + check + "}"));
    }

    private static String text(JsonNode answer) {
        assertThat(answer.has("error")).as(answer.toString()).isFalse();
        return answer.at("/choices/0/message/content").asText();
    }

    private static String id(HttpResponse<String> response) {
        return response.headers().firstValue("x-request-id").orElseThrow();
    }
}
