package dev.caravan.http;

import static dev.caravan.http.Errors.json;
import static dev.caravan.testing.Providers.chat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.JobTopics;
import dev.caravan.testing.Providers;
import dev.caravan.testing.RunningBroker;
import dev.caravan.testing.ScriptedUpstream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a response record tells of parameters that a provider was not told of. */
class DroppedJobTest {

    private static final String DROPPED = "x-caravan-dropped";

    @Test
    @DisplayName(
            "B1 F5 A response record names in a header what the provider was not told of, and has none where it was told all")
    void header() {
        var golden = Path.of("src/test/golden/ollama/basic.answer.json");
        try (var upstream = ScriptedUpstream.start(call -> call.json(200, Files.readString(golden)));
                var jobs = new JobTopics(RunningBroker.shared().kafka())) {
            var name = Providers.create("ollama", upstream.host(), "");
            jobs.send(JobTopics.job(
                    name + "-some", chat(name + ":m", "\"logit_bias\":{\"1\":1},\"parallel_tool_calls\":true")));
            jobs.send(JobTopics.job(name + "-none", chat(name + ":m", "\"seed\":7")));

            var responses = jobs.receiveUntil(
                    records -> JobTopics.ids(records).contains(name + "-some")
                            && JobTopics.ids(records).contains(name + "-none"),
                    Duration.ofSeconds(20));

            for (var response : responses) {
                var id = JobTopics.header(response, "ce_id");
                if (id.equals(name + "-some")) {
                    assertThat(json(new String(response.value(), UTF_8))
                                    .path("status")
                                    .asText())
                            .isEqualTo("ok");
                    assertThat(JobTopics.header(response, DROPPED)).contains("logit_bias");
                }
                if (id.equals(name + "-none")) {
                    assertThat(response.headers().lastHeader(DROPPED)).isNull();
                }
            }
        }
    }
}
