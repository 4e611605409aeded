package dev.caravan;

import static dev.caravan.testing.JobTopics.header;
import static dev.caravan.testing.JobTopics.ids;
import static dev.caravan.testing.JobTopics.job;
import static dev.caravan.testing.JobTopics.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.testing.JobTopics;
import dev.caravan.testing.Providers;
import dev.caravan.testing.RunningBroker;
import dev.caravan.testing.ScriptedUpstream;
import dev.caravan.testing.UsageTopic;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What becomes of requests from Kafka, with providers that do as they are told. */
class JobPathTest extends WithJobs {

    @Test
    @DisplayName(
            "F4 a passing failure is tried again by the retry topic, with the true count of attempts, and one usage event with every call")
    void triesAgain() throws Exception {
        var calls = new AtomicInteger();
        try (var upstream = ScriptedUpstream.start(call -> {
            if (calls.incrementAndGet() < 3) {
                call.json(500, "{\"error\":{\"message\":\"not yet\"}}");
            } else {
                call.json(200, Providers.completion("at last"));
            }
        })) {
            var request = job(id, Providers.chat(provider(upstream)));
            request.headers().add("x-own", utf8("kept"));
            jobs.send(request);

            var response = responses(1).getFirst();
            assertThat(value(response).path("status").asText()).isEqualTo("ok");
            assertThat(value(response).path("attempts").asInt()).isEqualTo(3);
            assertThat(value(response).at("/response/choices/0/message/content").asText())
                    .isEqualTo("at last");
            assertThat(calls).hasValue(3);
            var event = UsageTopic.eventOf(id);
            assertThat(event.path("calls")).hasSize(3);
            assertThat(event.path("status_code").asInt()).isEqualTo(200);
        }
    }

    @Test
    @DisplayName(
            "F4 what fails as often as it may is a dead letter, its caller has an error record, and a replay under the same id is answered")
    void diesAndIsReplayed() throws Exception {
        var well = new CountDownLatch(1);
        var calls = new AtomicInteger();
        try (var upstream = ScriptedUpstream.start(call -> {
            calls.incrementAndGet();
            call.json(
                    well.getCount() > 0 ? 500 : 200,
                    well.getCount() > 0 ? "{\"error\":{\"message\":\"broken\"}}" : Providers.completion("well"));
        })) {
            var request = job(id, Providers.chat(provider(upstream)));
            request.headers().add("kafka.OVERRIDE_TOPIC", utf8("caravan.usage"));
            jobs.send(request);

            var error = value(responses(1).getFirst());
            assertThat(error.path("status").asText()).isEqualTo("error");
            assertThat(error.at("/error/code").asText()).isEqualTo("inference_failed");
            assertThat(error.path("attempts").asInt()).isEqualTo(3);
            assertThat(calls).hasValue(3);

            var dead = read("GET", "/admin/jobs/dead?id=" + id, null);
            assertThat(dead.path("total").asInt()).isEqualTo(1);
            assertThat(dead.at("/jobs/0/reason").asText()).isEqualTo("exhausted");
            assertThat(dead.at("/jobs/0/error_code").asText()).isEqualTo("inference_failed");
            assertThat(dead.at("/jobs/0/attempts").asInt()).isEqualTo(3);
            assertThat(dead.at("/jobs/0/state").asText()).isEqualTo("dead");
            var letter = jobs.records("caravan.requests.dead", id).getFirst();
            assertThat(letter.key()).isEqualTo(request.key());
            assertThat(letter.value()).isEqualTo(request.value());
            assertThat(header(letter, "kafka.OVERRIDE_TOPIC")).isEqualTo("caravan.usage");
            assertThat(header(letter, "dlq.reason")).isEqualTo("exhausted");
            assertThat(header(letter, "dlq.topic")).isEqualTo("caravan.requests");
            assertThat(letter.headers().headers("caravan-round")).isEmpty();

            well.countDown();
            assertThat(read("POST", "/admin/jobs/replay", "{\"ids\":[\"" + id + "\"]}"))
                    .isEqualTo(JSON.readTree("{\"replayed\":1,\"skipped\":0}"));
            var answer = value(responses(1).getFirst());
            assertThat(answer.path("status").asText()).isEqualTo("ok");
            assertThat(answer.path("id").asText()).isEqualTo(id);
            assertThat(answer.path("attempts").asInt()).isEqualTo(1);
            assertThat(read("GET", "/admin/jobs/dead?id=" + id, null)
                            .at("/jobs/0/state")
                            .asText())
                    .isIn("published", "answered");
            assertThat(read("POST", "/admin/jobs/replay", "{\"ids\":[\"" + id + "\"]}"))
                    .isEqualTo(JSON.readTree("{\"replayed\":0,\"skipped\":1}"));
        }
    }

    @Test
    @DisplayName("F4 a bad request for a replay is told what is wrong; without the admin key nothing is told")
    void refusesBadReplays() {
        var broker = RunningBroker.shared();
        for (var body : List.of(
                "",
                "[]",
                "{}",
                "{\"ids\":\"a\"}",
                "{\"ids\":[]}",
                "{\"all\":false}",
                "{\"what\":1}",
                "{\"since\":\"tomorrow\"}")) {
            assertThat(broker.admin("POST", "/admin/jobs/replay", body).statusCode())
                    .as(body)
                    .isEqualTo(400);
        }
        assertThat(broker.admin("GET", "/admin/jobs/dead?page=0", null).statusCode())
                .isEqualTo(400);
        assertThat(broker.get("/admin/jobs/dead").statusCode()).isEqualTo(403);
    }

    @Test
    @DisplayName("F4 an id that is known for another body is an error record id_conflict, once, and a dead letter")
    void tellsConflicts() {
        jobs.send(job(id, Providers.chat("sim-echo")));
        assertThat(value(responses(1).getFirst()).path("status").asText()).isEqualTo("ok");
        jobs.send(job(id, Providers.chat("sim-echo", "\"temperature\":1")));
        jobs.send(job(id, Providers.chat("sim-echo", "\"temperature\":1")));
        jobs.send(job(id + "-last", Providers.chat("sim-echo")));

        var rest = responses(2);
        assertThat(ids(rest)).containsExactlyInAnyOrder(id, id + "-last");
        var conflict =
                rest.stream().filter(each -> header(each, "ce_id").equals(id)).toList();
        assertThat(value(conflict.getFirst()).at("/error/code").asText()).isEqualTo("id_conflict");
        assertThat(jobs.records("caravan.requests.dead", id)).hasSize(1);
    }

    @Test
    @DisplayName("F4 a 429 slows down to what the provider takes, and no attempt is wasted")
    void obeysRateLimits() throws Exception {
        var inside = new AtomicInteger();
        var answered = new AtomicInteger();
        var limited = new AtomicInteger();
        try (var upstream = ScriptedUpstream.start(call -> {
            try {
                if (inside.incrementAndGet() > 3) {
                    limited.incrementAndGet();
                    call.send("HTTP/1.1 429 x\r\nRetry-After: 1\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
                } else {
                    call.takes(Duration.ofMillis(50));
                    answered.incrementAndGet();
                    call.json(200, Providers.completion("ok"));
                }
            } finally {
                inside.decrementAndGet();
            }
        })) {
            var model = provider(upstream);
            jobs.sendAll(IntStream.range(0, 30)
                    .mapToObj(i -> job(id + "-" + i, Providers.chat(model)))
                    .toList());
            var responses = responses(30);

            assertThat(ids(responses)).doesNotHaveDuplicates();
            assertThat(responses).allSatisfy(response -> {
                assertThat(value(response).path("status").asText()).isEqualTo("ok");
                assertThat(value(response).path("attempts").asInt()).isEqualTo(1);
            });
            assertThat(answered).hasValue(30);
            System.out.println("rate limited: 30 answered, 429s: " + limited);
            assertThat(limited.get()).as("calls in vain").isLessThan(65);
        }
    }

    @Test
    @DisplayName("F4 a provider that hangs holds up nobody: others are answered meanwhile, and it in the end")
    void slowProviderHoldsUpNobody() throws Exception {
        var gate = new CountDownLatch(1);
        try (var upstream = ScriptedUpstream.start(call -> {
            gate.await();
            call.json(200, Providers.completion("late"));
        })) {
            var model = provider(upstream);
            var slow = IntStream.range(0, 200).mapToObj(i -> job(id + "-slow-" + i, Providers.chat(model)));
            jobs.sendAll(slow.toList());
            jobs.sendAll(IntStream.range(0, 20)
                    .mapToObj(i -> job(id + "-fast-" + i, Providers.chat("sim-echo")))
                    .toList());

            assertThat(ids(responses(20))).allMatch(each -> each.contains("fast"));
            gate.countDown();
            assertThat(ids(responses(200))).doesNotHaveDuplicates().allMatch(each -> each.contains("slow"));
        } finally {
            gate.countDown();
        }
    }

    @Test
    @DisplayName("F4 F5 a CloudEvent in structured mode is asked as one in binary mode")
    void takesStructuredEvents() {
        var record = new ProducerRecord<byte[], byte[]>(
                JobTopics.REQUESTS, 0, null, utf8("""
                {"specversion":"1.0","type":"com.example.ask","source":"/test","id":"%s","correlationid":"c-7",\
                "datacontenttype":"application/json","data":%s}""".formatted(id, Providers.chat("sim-echo"))));
        record.headers().add("content-type", utf8("application/cloudevents+json; charset=utf-8"));
        jobs.send(record);

        var response = responses(1).getFirst();
        assertThat(header(response, "ce_id")).isEqualTo(id);
        assertThat(header(response, "correlation-id")).isEqualTo("c-7");
        assertThat(value(response).at("/response/choices/0/message/content").asText())
                .isEqualTo("Hi");
    }

    @Test
    @DisplayName("F4 the provider's call and the response continue the trace of their request, each a span of its own")
    void continuesTraces() throws Exception {
        try (var upstream = ScriptedUpstream.start(call -> call.json(200, Providers.completion("ok")))) {
            var trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-";
            var request = job(id, Providers.chat(provider(upstream)));
            request.headers().add("traceparent", utf8(trace + "00f067aa0ba902b7-01"));
            jobs.send(request);

            var told = header(responses(1).getFirst(), "traceparent");
            var asked = upstream.next().head().replaceFirst("(?is).*\r\ntraceparent: (\\S+).*", "$1");
            assertThat(List.of(asked, told))
                    .allMatch(span -> span.matches(trace + "[0-9a-f]{16}-01"))
                    .doesNotHaveDuplicates()
                    .noneMatch(span -> span.contains("00f067aa0ba902b7"));
        }
    }

    @Test
    @DisplayName(
            "F4 reply-to is obeyed for topics under an allowed prefix; else, and where there is none, the caller is told")
    void repliesWhereItIsWanted() {
        var topic = "caravan.replies." + UUID.randomUUID();
        jobs.create(topic);
        var request = job(id, Providers.chat("sim-echo"));
        request.headers().add("reply-to", utf8(topic)).add("correlation-id", utf8("c-1"));
        jobs.send(request);
        var reply = jobs.awaitRecord(topic, id, PATIENCE);
        assertThat(header(reply, "correlation-id")).isEqualTo("c-1");

        for (var bad : List.of("caravan.usage", "elsewhere", topic + "-no", "caravan.replies.?")) {
            var refused = job(id + bad, Providers.chat("sim-echo"));
            refused.headers().add("reply-to", utf8(bad));
            jobs.send(refused);
            var error = value(responses(1).getFirst());
            assertThat(error.at("/error/code").asText()).isEqualTo("invalid_request");
            assertThat(error.at("/error/param").asText()).isEqualTo("reply-to");
        }
    }

    @Test
    @DisplayName("F4 no other refusal lets a response go where it must not")
    void repliesNowhereElse() {
        var request = job(id, Providers.chat("sim-echo"));
        request.headers().add("reply-to", utf8("caravan.usage")).add("deadline", utf8("2026-01-01T00:00:00Z"));
        jobs.send(request);
        assertThat(value(responses(1).getFirst()).path("status").asText()).isEqualTo("error");
    }

    private static JsonNode read(String method, String path, @Nullable String body) throws IOException {
        var response = RunningBroker.shared().admin(method, path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }
}
