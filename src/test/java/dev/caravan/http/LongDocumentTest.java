package dev.caravan.http;

import static dev.caravan.http.Analysis.SUMMARY;
import static dev.caravan.http.Analysis.id;
import static dev.caravan.http.Analysis.paragraphs;
import static dev.caravan.http.Analysis.said;
import static dev.caravan.http.Analysis.summary;
import static dev.caravan.http.Errors.error;
import static dev.caravan.http.Errors.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.testing.EditedFiles;
import dev.caravan.testing.UsageTopic;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Documents that are too long for one question to a model. */
class LongDocumentTest {

    private final Members members = new Members();

    @AfterEach
    void close() {
        members.close();
    }

    @Test
    @DisplayName(
            "A6 F7 A long document is read in parts, so many at once; the question is asked about the notes, and all is one event")
    void longDocument() {
        var running = new AtomicInteger();
        var most = new AtomicInteger();
        var others = new CountDownLatch(3);
        members.with("m", call -> {
            var prompt = json(call.body()).at("/messages/0/content").asText();
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            var part = prompt.replaceAll("(?s)You read part (\\d+) of.*", "$1");
            if (prompt.startsWith("You read part 1 ")) {
                others.await(10, TimeUnit.SECONDS); // the first is ready last of those that are read at once
            } else {
                others.countDown();
            }
            running.decrementAndGet();
            call.json(200, said(prompt.startsWith("You read part") ? "Notes on " + part + "." : SUMMARY));
        });

        var response = summary(members.name("m"), paragraphs(1500), "");

        var reply = json(response.body());
        assertThat(reply.path("result")).as(response.body()).isEqualTo(json(SUMMARY));
        var parts = reply.at("/metadata/parts").asInt();
        assertThat(parts).isBetween(5, 9);
        var asked = members.asked("m");
        assertThat(asked).hasSize(parts + 1);
        assertThat(most.get()).isBetween(2, 4);
        var notes = asked.getLast().at("/messages/1/content").asText();
        assertThat(notes).containsSubsequence("[Part 1]\nNotes on 1.", "[Part 2]\nNotes on 2.", "[Part " + parts + "]");
        var read = asked.stream()
                .limit(parts)
                .sorted((one, other) -> Integer.compare(number(one), number(other)))
                .map(each -> each.at("/messages/1/content").asText())
                .toList();
        assertThat(String.join("", read)).isEqualTo(paragraphs(1500));
        var event = UsageTopic.eventOf(id(response));
        assertThat(event.path("calls")).hasSize(parts + 1);
        assertThat(event.path("endpoint").asText()).isEqualTo(Analysis.PATH);
        assertThat(event.path("total_tokens").asInt()).isEqualTo(5 * (parts + 1));
    }

    @Test
    @DisplayName("A6 C2 'timeout' bounds the whole, and every call that still runs is let go")
    void timeout() throws Exception {
        members.silent("m");

        var response = summary(members.name("m"), paragraphs(1500), ",\"timeout\":0.7");

        error(response, 504, "timeout");
        members.call("m").closedNanos();
        assertThat(UsageTopic.eventOf(id(response)).path("calls"))
                .hasSize(4)
                .allMatch(call -> call.path("cancelled").asBoolean());
    }

    @Test
    @DisplayName("A6 A10 A part that cannot be read is the error of the whole, and the others are let go")
    void brokenPart() throws Exception {
        var silent = new AtomicInteger();
        members.with("m", call -> {
            if (json(call.body()).at("/messages/0/content").asText().startsWith("You read part 2 ")) {
                call.json(500, "{\"error\":{\"message\":\"out of order\"}}");
            } else {
                silent.incrementAndGet();
                call.awaitClosed();
            }
        });

        var response = summary(members.name("m"), paragraphs(1500), "");

        assertThat(error(response, 502, "inference_failed").path("message").asText())
                .startsWith("Part 2 of ")
                .contains("out of order");
        assertThat(silent.get()).isLessThanOrEqualTo(3);
    }

    @Test
    @DisplayName("A6 How much fits is the model's context window, of a council the smallest of its members'")
    void contextWindow() {
        try (var files = new EditedFiles()) {
            files.write("config/models.yaml", files.text("config/models.yaml") + """

                      - name: narrow
                        provider: simulator
                        path: sim-echo
                        context_window: 1500
                        parameters: {simulate: {answer: Notes.}}
                      - name: narrow-and-wide
                        council: {models: [narrow, sim-echo, narrow]}
                    """);
            files.awaitInForce("config/models.yaml");

            assertThat(partsOf("narrow")).isBetween(3, 5);
            assertThat(partsOf("narrow-and-wide")).isBetween(3, 5);
            assertThat(partsOf("sim-small")).isZero();
        }
    }

    private static int partsOf(String model) {
        var response = summary(model, paragraphs(150), "");
        return json(response.body()).at("/metadata/parts").asInt(-1);
    }

    private static int number(JsonNode asked) {
        return Integer.parseInt(
                asked.at("/messages/0/content").asText().replaceAll("(?s)You read part (\\d+) of.*", "$1"));
    }
}
