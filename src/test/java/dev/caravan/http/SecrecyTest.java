package dev.caravan.http;

import static dev.caravan.testing.Providers.chat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.Providers;
import dev.caravan.testing.RunningBroker;
import dev.caravan.testing.ScriptedUpstream;
import dev.caravan.testing.UsageTopic;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What people say and the keys they say it with stand in no log line. */
@ExtendWith(OutputCaptureExtension.class)
class SecrecyTest {

    private static final String PROMPT = "marker-of-a-private-prompt";
    private static final String ANSWER = "marker-of-a-private-answer";
    private static final String KEY = "sk-marker-of-a-key";

    private final RunningBroker broker = RunningBroker.shared();

    @Test
    @DisplayName("C1 C6 Neither keys nor prompts nor answers get into the log, whatever goes wrong")
    void logs(CapturedOutput output) {
        try (var upstream = ScriptedUpstream.start(call -> {
            switch (call.body().replaceAll(".*\"case\":(\\d).*", "$1")) {
                case "0" -> call.json(200, Providers.completion(ANSWER));
                case "1" -> call.json(500, "{\"error\":{\"message\":\"" + KEY + "\"}}");
                case "2" -> call.json(401, "{\"error\":{\"message\":\"" + KEY + "\"}}");
                case "3" -> call.json(200, "not json: " + ANSWER);
                default -> call.stream().event(Providers.chunk(ANSWER)).event("nonsense " + ANSWER);
            }
        })) {
            var name = Providers.create(upstream.url());
            broker.admin("PATCH", "/admin/providers/" + name, "{\"api_key\":\"" + KEY + "\"}");
            for (var i = 0; i < 5; i++) {
                ask(
                        chat(name + ":m", "\"retry_count\":0,\"stream\":" + (i == 4) + ",\"case\":" + i)
                                .replace("Hi", PROMPT),
                        RunningBroker.CLIENT_KEY);
            }
            ask("{\"model\":\"sim-echo\",\"messages\":\"" + PROMPT + "\"}", RunningBroker.CLIENT_KEY);
            ask("{\"" + PROMPT + "\":", RunningBroker.CLIENT_KEY);
            ask(chat("sim-echo"), KEY);
            var last = ask(chat("nobody", "\"provider\":\"" + name + "\"").replace("Hi", PROMPT), KEY);
            UsageTopic.eventOf(last);
        }

        assertThat(output.getAll())
                .contains("request ended")
                .doesNotContain(PROMPT, ANSWER, KEY, RunningBroker.CLIENT_KEY, RunningBroker.ADMIN_KEY);
    }

    private String ask(String json, String key) {
        return broker.send(broker.request("/v1/chat/completions", key).POST(BodyPublishers.ofString(json)))
                .headers()
                .firstValue("x-request-id")
                .orElseThrow();
    }
}
