package dev.caravan.http;

import static dev.caravan.http.Errors.error;
import static dev.caravan.http.Errors.json;
import static dev.caravan.testing.Providers.chat;
import static dev.caravan.testing.Providers.chunk;
import static dev.caravan.testing.Providers.completion;
import static dev.caravan.testing.Providers.lastChunk;
import static dev.caravan.testing.Providers.usageChunk;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.testing.RunningBroker;
import dev.caravan.testing.ScriptedUpstream;
import dev.caravan.testing.UsageTopic;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Members that are asked at once. */
class ParallelTest {

    private static final String CHAT = "/v1/chat/completions";
    private static final String PARALLEL = "/v1/cooperation/parallel";

    private final RunningBroker broker = RunningBroker.shared();
    private final Members members = new Members();

    @AfterEach
    void close() {
        members.close();
    }

    @Test
    @DisplayName(
            "A5 F2 Five members, one slow, one broken, one wrong: the right answer within the deadline, one usage event")
    void five() throws Exception {
        members.saying("a", "The answer is 42.")
                .silent("slow")
                .broken("broken")
                .saying("wrong", "41")
                .saying("b", "42.0");

        var response = ask(members.names("a", "slow", "broken", "wrong", "b"), "\"deadline\":1,\"answers\":true");

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        var answer = json(response.body());
        assertThat(answer.at("/choices/0/message/content").asText()).isEqualTo("The answer is 42.");
        assertThat(answer.path("object").asText()).isEqualTo("chat.completion");
        assertThat(answer.path("model").asText()).isEqualTo("some-name");
        assertThat(answer.path("latency_ms").asInt()).isLessThan(3000);
        var told = answer.path("caravan");
        assertThat(told.path("members").findValuesAsText("status"))
                .containsExactly("answered", "late", "failed", "answered", "answered");
        assertThat(told.at("/verdict/groups/0/says").asText()).isEqualTo("42");
        assertThat(told.at("/verdict/groups/0/read_as").asText()).isEqualTo("number");
        assertThat(told.at("/verdict/groups/0/count").asInt()).isEqualTo(2);
        assertThat(told.at("/members/4/answer").asText()).isEqualTo("42.0");
        assertThat(told.at("/members/4/read_as/value").asText()).isEqualTo("42");
        assertThat(told.at("/members/4/agrees").asBoolean()).isTrue();
        assertThat(told.at("/members/3/agrees").asBoolean()).isFalse();
        assertThat(told.at("/members/2/error/message").asText()).contains("out of order");
        assertThat(told.path("why").asText()).isEqualTo("2 of 3 members gave this answer.");
        members.call("slow").closedNanos();

        var event = UsageTopic.eventOf(id(response));
        assertThat(event.path("status_code").asInt()).isEqualTo(200);
        assertThat(event.path("calls")).hasSize(5);
        assertThat(event.path("total_tokens").asInt())
                .isEqualTo(answer.at("/usage/total_tokens").asInt())
                .isEqualTo(told.at("/usage/total_tokens").asInt());
    }

    @Test
    @DisplayName(
            "A5 Early stop: once the outcome cannot change, calls that still run are cancelled, seen at the upstream")
    void earlyStop() throws Exception {
        members.sayingAfter("slow", "a", "Yes.").sayingAfter("slow", "b", "yes").silent("slow");
        var begin = System.nanoTime();

        var response = ask(members.names("a", "b", "slow"), "\"deadline\":60");

        var told = json(response.body()).path("caravan");
        assertThat(told.path("members").findValuesAsText("status")).containsExactly("answered", "answered", "let_go");
        assertThat(Duration.ofNanos(members.call("slow").closedNanos() - begin)).isLessThan(Duration.ofSeconds(5));
        var event = UsageTopic.eventOf(id(response));
        assertThat(event.path("calls"))
                .filteredOn(call -> call.path("cancelled").asBoolean())
                .singleElement()
                .satisfies(call -> assertThat(call.path("error_code").asText()).isEqualTo("client_closed"));
        assertThat(broker.get("/health").body()).doesNotContain("\"down\"");
    }

    @Test
    @DisplayName("A5 A quorum that cannot be met any more ends the session at once, and tells who failed and why")
    void noQuorum() throws Exception {
        // a member that is let go before it was asked is not asked at all
        ScriptedUpstream.Script fails = call -> {
            await().until(() -> !members.asked("slow").isEmpty());
            call.json(500, "{\"error\":{\"message\":\"out of order\"}}");
        };
        members.with("a", fails).with("b", fails).silent("slow");

        var response = ask(members.names("a", "b", "slow"), "\"deadline\":60,\"quorum\":2");

        var error = error(response, 503, "service_unavailable");
        assertThat(error.at("/details/cause").asText()).isEqualTo("quorum_not_met");
        assertThat(error.path("message").asText())
                .startsWith("0 of 3 members answered, and 2 must: '" + members.name("a") + "' failed (")
                .contains("out of order", "'" + members.name("slow") + "' was let go");
        members.call("slow").closedNanos();
        assertThat(UsageTopic.eventOf(id(response)).path("calls")).hasSize(3);
    }

    @Test
    @DisplayName("A5 Where all are late it is a timeout; where all say that the request is wrong, it is")
    void kindsOfFailure() {
        members.silent("slow")
                .with(
                        "strict",
                        call -> call.json(
                                400,
                                "{\"error\":{\"message\":\"temperature is too high\",\"param\":\"temperature\"}}"));

        error(ask(members.names("slow"), "\"deadline\":0.3"), 504, "timeout");
        var error = error(ask(members.names("strict", "strict"), ""), 400, "invalid_request");
        assertThat(error.path("param").asText()).isEqualTo("temperature");
        assertThat(error.path("message").asText()).contains("temperature is too high");
    }

    @Test
    @DisplayName("A5 weighted: the answer with the most weight behind it")
    void weighted() {
        members.saying("a", "4").saying("b", "4").saying("heavy", "5");

        var answer = json(ask(
                        "[\"%s\",{\"model\":\"%s\",\"weight\":1.5},{\"model\":\"%s\",\"weight\":4}]"
                                .formatted(members.name("a"), members.name("b"), members.name("heavy")),
                        "\"strategy\":\"weighted\"")
                .body());

        assertThat(text(answer)).isEqualTo("5");
        // once the heavy one and another have answered, the third cannot change it any more
        assertThat(answer.at("/caravan/verdict/groups/1/count").asDouble()).isIn(1.0, 1.5, 2.5);
        assertThat(answer.at("/caravan/members/2/weight").asInt()).isEqualTo(4);
    }

    @Test
    @DisplayName("A5 consensus: members see the others' answers and revise theirs, until a quorum agrees")
    void consensus() {
        var round = new AtomicInteger();
        members.saying("a", "Paris")
                .saying("b", "Paris")
                .with("c", call -> call.json(200, completion(round.incrementAndGet() == 1 ? "Lyon" : "Paris")));

        var answer = json(ask(members.names("a", "b", "c"), "\"strategy\":\"consensus\",\"quorum\":3")
                .body());

        assertThat(text(answer)).isEqualTo("Paris");
        assertThat(answer.at("/caravan/verdict/by").asText()).isEqualTo("consensus");
        assertThat(answer.at("/caravan/why").asText()).isEqualTo("3 of 3 members agreed after 2 rounds.");
        assertThat(answer.at("/caravan/rounds").asInt()).isEqualTo(2);
        var revised = members.asked("c").get(1).path("messages");
        assertThat(revised.get(1).path("content").asText()).isEqualTo("Lyon");
        assertThat(revised.get(2).path("content").asText()).contains("<answer number=\"2\">\nParis\n</answer>");
        assertThat(answer.at("/usage/total_tokens").asInt()).isEqualTo(6 * 5);
    }

    @Test
    @DisplayName("A5 consensus: rounds run out, and the answer that most give is given, which is told")
    void noConsensus() {
        members.saying("a", "1").saying("b", "2").saying("c", "2");

        var answer = json(ask(members.names("a", "b", "c"), "\"strategy\":\"consensus\",\"quorum\":3,\"rounds\":2")
                .body());

        assertThat(text(answer)).isEqualTo("2");
        assertThat(answer.at("/caravan/why").asText())
                .isEqualTo(
                        "No 3 members agreed in 2 rounds, so answers were counted: 2 of 3 members gave this answer.");
        assertThat(members.asked("a")).hasSize(2);
    }

    @Test
    @DisplayName("A5 selective: a judge picks one; what it is asked holds every answer, and none of the caller's form")
    void selective() {
        members.saying("a", "first").saying("b", "second").saying("judge", "Answer 2 is best.");

        var answer = json(broker.post(
                        CHAT,
                        chat(
                                "some-name",
                                cooperation(
                                                members.names("a", "b"),
                                                "\"strategy\":\"selective\",\"judge\":\"" + members.name("judge")
                                                        + "\"")
                                        + ",\"max_tokens\":50,\"stop\":\"x\""))
                .body());

        assertThat(text(answer)).isEqualTo("second");
        assertThat(answer.at("/caravan/verdict/by").asText()).isEqualTo("judge");
        assertThat(answer.at("/caravan/members/0/agrees").asBoolean(true)).isFalse();
        assertThat(answer.at("/caravan/members/1/agrees").asBoolean()).isTrue();
        assertThat(answer.at("/caravan/helpers/0/model").asText()).isEqualTo(members.name("judge"));
        var judged = members.asked("judge").getFirst();
        assertThat(judged.has("max_tokens") || judged.has("stop")).isFalse();
        assertThat(judged.at("/messages/1/content").asText()).contains("first", "second");
        assertThat(members.asked("a").getFirst().path("max_tokens").asInt()).isEqualTo(50);
        assertThat(members.asked("a").getFirst().has("cooperation")).isFalse();
    }

    @Test
    @DisplayName("A5 selective: a judge that fails, or names none, loses no answer: they are counted, which is told")
    void judgeFails() {
        members.saying("a", "one")
                .saying("b", "two")
                .saying("c", "two")
                .broken("down")
                .saying("vague", "All are good.");

        for (var judge : new String[] {"down", "vague"}) {
            var answer = json(ask(
                            members.names("a", "b", "c"),
                            "\"strategy\":\"selective\",\"judge\":\"" + members.name(judge) + "\"")
                    .body());
            assertThat(text(answer)).isEqualTo("two");
            assertThat(answer.at("/caravan/why").asText()).contains(members.name(judge), "counted");
        }
    }

    @Test
    @DisplayName("A5 ensemble: the heaviest member, if no judge is named, writes one answer out of all")
    void ensemble() {
        members.saying("a", "part one")
                .with(
                        "b",
                        call -> call.json(
                                200, completion(call.body().contains("part one") ? "the whole" : "part two")));

        var answer = json(ask(
                        "[\"%s\",{\"model\":\"%s\",\"weight\":2}]".formatted(members.name("a"), members.name("b")),
                        "\"strategy\":\"ensemble\"")
                .body());

        assertThat(text(answer)).isEqualTo("the whole");
        assertThat(answer.at("/caravan/why").asText())
                .isEqualTo("'" + members.name("b") + "' wrote it out of 2 answers.");
        assertThat(answer.at("/usage/total_tokens").asInt()).isEqualTo(15);
    }

    @Test
    @DisplayName(
            "A5 B2 ensemble, streamed: the synthesis comes as it is written; its last piece tells how it came about")
    void liveEnsemble() throws Exception {
        var read = new CountDownLatch(1);
        members.saying("a", "part one").saying("b", "part two").with("judge", call -> {
            call.stream().event(chunk("the "));
            read.await(10, TimeUnit.SECONDS);
            call.event(chunk("whole"))
                    .event(lastChunk())
                    .event(usageChunk())
                    .event("[DONE]")
                    .end();
        });
        try (var client = StreamClient.ask(chat(
                "some-name",
                cooperation(
                                members.names("a", "b"),
                                "\"strategy\":\"ensemble\",\"judge\":\"" + members.name("judge") + "\"")
                        + ",\"stream\":true,\"stream_options\":{\"include_usage\":true}"))) {
            assertThat(json(client.event()).at("/choices/0/delta/content").asText())
                    .isEqualTo("the ");
            read.countDown();
            var events = client.events();

            assertThat(events).hasSize(4);
            var last = json(events.get(1));
            assertThat(last.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
            assertThat(last.at("/caravan/verdict/by").asText()).isEqualTo("synthesis");
            assertThat(last.at("/caravan/usage/total_tokens").asInt()).isEqualTo(15);
            assertThat(json(events.get(2)).at("/usage/total_tokens").asInt()).isEqualTo(15);
            assertThat(events.get(3)).isEqualTo("[DONE]");
            var event = UsageTopic.eventOf(client.requestId());
            assertThat(event.path("calls")).hasSize(3);
            assertThat(event.path("total_tokens").asInt()).isEqualTo(15);
            assertThat(event.path("status_code").asInt()).isEqualTo(200);
        }
    }

    @Test
    @DisplayName("A5 B2 A synthesis that breaks off ends with an error event; a caller who leaves it ends the call")
    void liveBreaks() throws Exception {
        members.saying("a", "part one")
                .saying("b", "part two")
                .with("judge", call -> call.stream().event(chunk("the ")));
        var body = chat(
                "some-name",
                cooperation(
                                members.names("a", "b"),
                                "\"strategy\":\"ensemble\",\"judge\":\"" + members.name("judge") + "\"")
                        + ",\"stream\":true");
        try (var client = StreamClient.ask(body)) {
            assertThat(json(client.events().getLast()).at("/error/code").asText())
                    .isEqualTo("inference_failed");
            assertThat(UsageTopic.eventOf(client.requestId())
                            .path("status_code")
                            .asInt())
                    .isEqualTo(502);
        }
        members.with("judge", call -> {
            call.stream().event(chunk("the "));
            call.awaitClosed();
        });
        try (var client = StreamClient.ask(body)) {
            client.event();
            client.close();
            members.call("judge").closedNanos();
            assertThat(UsageTopic.eventOf(client.requestId())
                            .path("status_code")
                            .asInt())
                    .isEqualTo(499);
        }
    }

    @Test
    @DisplayName(
            "A5 B2 voting, streamed: one piece with the answer once it is decided, then the end with how it came about")
    void streamed() throws Exception {
        members.sayingAfter("slow", "a", "Yes").sayingAfter("slow", "b", "yes!").silent("slow");
        try (var client = StreamClient.ask(
                chat("some-name", cooperation(members.names("a", "b", "slow"), "") + ",\"stream\":true"))) {
            var events = client.events();

            assertThat(events).hasSize(3);
            assertThat(json(events.getFirst()).at("/choices/0/delta/content").asText())
                    .isEqualTo("Yes");
            assertThat(json(events.getFirst()).path("object").asText()).isEqualTo("chat.completion.chunk");
            assertThat(json(events.get(1)).at("/caravan/verdict/by").asText()).isEqualTo("votes");
            assertThat(json(events.get(1)).at("/choices/0/finish_reason").asText())
                    .isEqualTo("stop");
            assertThat(events.get(2)).isEqualTo("[DONE]");
            var event = UsageTopic.eventOf(client.requestId());
            assertThat(event.path("stream").asBoolean()).isTrue();
            assertThat(event.path("calls")).hasSize(3);
        }
    }

    @Test
    @DisplayName("A5 A caller who leaves ends the calls of all members")
    void leaves() throws Exception {
        var together = new CyclicBarrier(3);
        for (var model : new String[] {"a", "b"}) {
            members.with(model, call -> {
                together.await(10, TimeUnit.SECONDS);
                call.awaitClosed();
            });
        }
        try (var client = StreamClient.ask(chat("some-name", cooperation(members.names("a", "b"), "")))) {
            together.await(10, TimeUnit.SECONDS);
            client.close();

            members.call("a").closedNanos();
            members.call("b").closedNanos();
            var event = UsageTopic.eventOf(client.requestId());
            assertThat(event.path("status_code").asInt()).isEqualTo(499);
            assertThat(event.path("calls"))
                    .hasSize(2)
                    .allMatch(call -> call.path("cancelled").asBoolean());
        }
    }

    @Test
    @DisplayName("A5 No more members are asked at once than 'concurrency' says")
    void concurrency() {
        var now = new AtomicInteger();
        var most = new AtomicInteger();
        for (var model : new String[] {"a", "b", "c", "d"}) {
            members.with(model, call -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                while (most.get() < 2 && now.get() < 2) {
                    Thread.onSpinWait(); // until another one is asked
                }
                now.decrementAndGet();
                call.json(200, completion(model.equals("a") ? "1" : "2"));
            });
        }

        var answer =
                json(ask(members.names("a", "b", "c", "d"), "\"concurrency\":2").body());

        assertThat(text(answer)).isEqualTo("2");
        assertThat(most.get()).isEqualTo(2);
    }

    @Test
    @DisplayName("A5 B8 A member is asked as any model is: with repeats, and with the fallbacks of the request")
    void asAnyRequest() {
        var tries = new AtomicInteger();
        members.with("flaky", call -> {
                    if (tries.incrementAndGet() < 3) {
                        call.json(500, "{}");
                    } else {
                        call.json(200, completion("Hi"));
                    }
                })
                .broken("broken");

        var answer = json(broker.post(
                        CHAT,
                        chat(
                                "some-name",
                                cooperation(members.names("flaky", "broken"), "\"quorum\":2")
                                        + ",\"retry_count\":3,\"fallback_providers\":[\"simulator\"]"))
                .body());

        assertThat(text(answer)).isEqualTo("Hi");
        assertThat(answer.at("/caravan/members/1/provider").asText()).isEqualTo("simulator");
        assertThat(answer.at("/caravan/members/1/status").asText()).isEqualTo("answered");
    }

    @Test
    @DisplayName("A5 Free texts of which none are equal: the one nearest the centre of the largest cluster")
    void similar() {
        members.saying("a", "Bananas are yellow")
                .saying("b", "The sky is blue because air scatters short waves")
                .saying("c", "The sky is blue because the air scatters short waves of light");

        var answer = json(ask(members.names("a", "b", "c"), "").body());

        assertThat(text(answer)).startsWith("The sky");
        assertThat(answer.at("/caravan/verdict/by").asText()).isEqualTo("similarity");
    }

    @Test
    @DisplayName("A5 JSON field by field: the answer has each field's own majority")
    void byField() {
        members.saying("a", "{\\\"city\\\":\\\"Paris\\\",\\\"n\\\":1}")
                .saying("b", "{\\\"city\\\":\\\"Rome\\\",\\\"n\\\":2}")
                .saying("c", "{\\\"n\\\":2,\\\"city\\\":\\\"paris\\\"}");

        var answer =
                json(ask(members.names("a", "b", "c"), "\"compare\":\"fields\"").body());

        assertThat(text(answer)).isEqualTo("{\"city\":\"Paris\",\"n\":2}");
        assertThat(answer.at("/caravan/verdict/by").asText()).isEqualTo("fields");
    }

    @Test
    @DisplayName("A5 An empty answer is none; calls of tools are ballots too, and streamed with their index")
    void toolsAndNothing() throws Exception {
        var call = "{\"id\":\"x\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":null,"
                + "\"tool_calls\":[{\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]},"
                + "\"finish_reason\":\"tool_calls\"}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}}";
        members.saying("mute", "").with("a", asked -> asked.json(200, call)).with("b", asked -> asked.json(200, call));
        try (var client = StreamClient.ask(
                chat("some-name", cooperation(members.names("mute", "a", "b"), "") + ",\"stream\":true"))) {
            var events = client.events();
            var first = json(events.getFirst());
            assertThat(first.at("/choices/0/delta/tool_calls/0/index").asInt(-1))
                    .isZero();
            assertThat(first.at("/choices/0/delta/tool_calls/0/function/name").asText())
                    .isEqualTo("f");
            var told = json(events.get(1)).path("caravan");
            assertThat(told.at("/members/0/status").asText()).isIn("failed", "let_go");
            assertThat(told.at("/verdict/groups/0/read_as").asText()).isEqualTo("tool_calls");
            assertThat(json(events.get(1)).at("/choices/0/finish_reason").asText())
                    .isEqualTo("tool_calls");
        }
    }

    @Test
    @DisplayName("A5 The document's form: query, models, integration_strategy; the answer is a chat completion too")
    void document() {
        members.saying("a", "Paris").saying("b", "Paris.").saying("c", "Lyon");

        var answer = json(broker.post(
                        PARALLEL,
                        "{\"query\":\"The \\\"capital\\\"?\",\"models\":" + members.names("a", "b", "c")
                                + ",\"integration_strategy\":\"voting\",\"temperature\":0.5}")
                .body());

        assertThat(text(answer)).isEqualTo("Paris");
        assertThat(answer.path("model").asText()).isEqualTo("cooperation/parallel");
        var asked = members.asked("a").getFirst();
        assertThat(asked.at("/messages/0/content").asText()).isEqualTo("The \"capital\"?");
        assertThat(asked.path("temperature").asDouble()).isEqualTo(0.5);
        assertThat(asked.has("query") || asked.has("models") || asked.has("integration_strategy"))
                .isFalse();

        var nested = json(broker.post(
                        PARALLEL,
                        "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"cooperation\":{\"models\":"
                                + members.names("a", "b") + "}}")
                .body());
        assertThat(text(nested)).isEqualTo("Paris");
    }

    private HttpResponse<String> ask(String models, String more) {
        return broker.post(CHAT, chat("some-name", cooperation(models, more)));
    }

    private static String cooperation(String models, String more) {
        return "\"cooperation\":{\"mode\":\"parallel\",\"models\":" + models + (more.isEmpty() ? "" : "," + more) + "}";
    }

    private static String text(JsonNode answer) {
        assertThat(answer.has("error")).as(answer.toString()).isFalse();
        return answer.at("/choices/0/message/content").asText();
    }

    private static String id(HttpResponse<String> response) {
        return response.headers().firstValue("x-request-id").orElseThrow();
    }
}
