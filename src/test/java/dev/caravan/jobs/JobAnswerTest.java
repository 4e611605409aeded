package dev.caravan.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.jobs.JobAnswer.Death;
import dev.caravan.jobs.JobRequest.ReplyTo;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class JobAnswerTest {

    @Test
    @DisplayName("F4 what is stored is given back to the byte")
    void roundTrip() {
        var death = new Death("exhausted", "timeout", "zu spät", 4);
        store(null, null, null);
        store(new byte[0], new ReplyTo("t", null), null);
        store(new byte[] {1}, new ReplyTo("ü", 7), death);
    }

    private static void store(byte @Nullable [] key, @Nullable ReplyTo replyTo, @Nullable Death death) {
        var request = JobRequest.of(
                key,
                utf8("{}"),
                Map.of("ce_id", utf8("id-ü"), "kafka_correlationId", new byte[] {0, (byte) 0xff}),
                new JobRequest.Place("caravan.requests", 1, 2),
                _ -> Uuid.ZERO_UUID);
        var response =
                JobResponse.ok(request, utf8("{\"a\":1}"), 1, Instant.now()).with("empty", "");
        var answer = new JobAnswer(response, replyTo, utf8("{}"), death);

        var again = JobAnswer.of(answer.toBytes());

        assertThat(again).usingRecursiveComparison().isEqualTo(answer);
        assertThat(List.copyOf(again.response().headers().keySet()))
                .containsExactlyElementsOf(response.headers().keySet());
        assertThat(again.toBytes()).isEqualTo(answer.toBytes());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }
}
