package dev.caravan;

import static dev.caravan.testing.JobTopics.header;
import static dev.caravan.testing.JobTopics.job;
import static dev.caravan.testing.JobTopics.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.Providers;
import dev.caravan.testing.ScriptedUpstream;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class JobDeadlineTest extends WithJobs {

    @Test
    @DisplayName("F4 a deadline that has passed, or comes while it is asked, is an error record")
    void keepsDeadlines() throws Exception {
        try (var upstream = ScriptedUpstream.start(ScriptedUpstream.Call::awaitClosed)) {
            var past = job(id + "-past", Providers.chat("sim-echo"));
            past.headers().add("deadline", utf8("2026-01-01T00:00:00+01:00"));
            var near = job(id + "-near", Providers.chat(provider(upstream)));
            near.headers()
                    .add(
                            "deadline",
                            utf8(String.valueOf(Instant.now().plusSeconds(2).toEpochMilli())));
            var wrong = job(id + "-wrong", Providers.chat("sim-echo"));
            wrong.headers().add("deadline", utf8("soon"));
            var far = job(id + "-far", Providers.chat("sim-echo"));
            far.headers().add("deadline", utf8("4102444800")).add("priority", utf8("high"));
            jobs.sendAll(List.of(past, near, wrong, far));

            assertThat(outcomes(responses(4)))
                    .containsExactlyInAnyOrder("-past timeout", "-near timeout", "-wrong invalid_request", "-far ");
        }
    }

    @Test
    @DisplayName("F4 a deadline that comes while the job waits for a provider that wants a pause is told when it comes")
    void keepsDeadlinesOfThoseWhoWait() throws Exception {
        var calls = new AtomicInteger();
        var asked = new CountDownLatch(1);
        try (var upstream = ScriptedUpstream.start(call -> {
            if (calls.incrementAndGet() == 1) {
                call.send("HTTP/1.1 429 x\r\nRetry-After: 3\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
                asked.countDown();
            } else {
                call.json(200, Providers.completion("well"));
            }
        })) {
            var model = provider(upstream);
            jobs.send(job(id + "-first", Providers.chat(model)));
            assertThat(asked.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            var near = job(id + "-near", Providers.chat(model));
            near.headers()
                    .add(
                            "deadline",
                            utf8(String.valueOf(Instant.now().plusSeconds(1).toEpochMilli())));
            jobs.send(near);

            assertThat(outcomes(responses(2))).containsExactly("-near timeout", "-first ");
            assertThat(calls).as("the provider is not asked for it").hasValue(2);
        }
    }

    /** What is behind the beginning that all ids share, and the error if it is one. */
    private List<String> outcomes(List<ConsumerRecord<byte[], byte[]>> responses) {
        return responses.stream()
                .map(each -> header(each, "ce_id").substring(id.length()) + " "
                        + value(each).at("/error/code").asText())
                .toList();
    }
}
