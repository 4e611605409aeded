package dev.caravan.http;

import static dev.caravan.http.Errors.json;
import static dev.caravan.testing.Providers.chat;
import static dev.caravan.testing.Providers.chunk;
import static dev.caravan.testing.Providers.completion;
import static dev.caravan.testing.Providers.lastChunk;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.testing.EditedFiles;
import dev.caravan.testing.RunningBroker;
import dev.caravan.testing.ScriptedUpstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A vendor that speaks OpenAI's dialect takes one entry, and no Java: that of the documentation, to the letter. */
class OneEntryTest {

    private static final String PATH = "/v1/chat/completions";
    private static final String NAME = "acme";
    private static final String DOCUMENTED_URL = "https://api.acme.example/v1";
    private static final String PROVIDERS = "config/providers.yaml";

    private final RunningBroker broker = RunningBroker.shared();

    @Test
    @DisplayName("A1 D2 One entry in providers.yaml adds a vendor to a running broker: whole, streamed and listed")
    void inTheFile() throws Exception {
        try (var upstream = acme();
                var files = new EditedFiles()) {
            var entry = documented("yaml", "  - name: " + NAME).replace(DOCUMENTED_URL, upstream.url());
            assertThat(broker.post(PATH, chat("acme-large")).statusCode()).isEqualTo(404);

            files.write(PROVIDERS, files.text(PROVIDERS) + "\n" + entry.replace("${ACME_API_KEY:}", "acme-key"));
            files.awaitInForce(PROVIDERS);

            await().until(() -> broker.post(PATH, chat("acme-large")).statusCode() == 200);
            assertAsked(upstream);
        }
        assertThat(broker.post(PATH, chat("acme-large")).statusCode()).isEqualTo(404);
    }

    @Test
    @DisplayName("C6 D2 One POST /admin/providers does the same, at once")
    void byTheAdminApi() throws Exception {
        try (var upstream = acme()) {
            var body = documented("sh", "\"name\":\"" + NAME + "\"").replace(DOCUMENTED_URL, upstream.url());
            body = body.substring(body.indexOf('{'), body.lastIndexOf('}') + 1).replace("YOUR-KEY", "acme-key");

            var created = broker.admin("POST", "/admin/providers", body);

            assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
            assertThat(broker.post(PATH, chat("acme-large")).statusCode()).isEqualTo(200);
            assertAsked(upstream);
            broker.admin("DELETE", "/admin/providers/" + NAME, null);
        }
    }

    private void assertAsked(ScriptedUpstream upstream) throws Exception {
        var call = upstream.next();
        assertThat(call.head()).startsWith("POST /v1/chat/completions ").contains("Authorization: Bearer acme-key");
        assertThat(json(call.body()).path("model").asText()).isEqualTo("acme-large");
        for (var model : new String[] {"acme-large", NAME, NAME + ":another"}) {
            var whole = json(broker.post(PATH, chat(model)).body());
            assertThat(whole.at("/choices/0/message/content").asText()).isEqualTo("of acme");
            assertThat(whole.path("provider").asText()).isEqualTo(NAME);
            try (var client = StreamClient.ask(chat(model, "\"stream\":true"))) {
                var events = client.events();
                assertThat(json(events.getFirst())
                                .at("/choices/0/delta/content")
                                .asText())
                        .isEqualTo("of acme");
                assertThat(events).last().isEqualTo("[DONE]");
            }
        }
        assertThat(broker.get("/v1/models").body()).contains("\"acme-large\"");
    }

    private static ScriptedUpstream acme() {
        return ScriptedUpstream.start(call -> {
            if (json(call.body()).path("stream").asBoolean()) {
                call.stream()
                        .event(chunk("of acme"))
                        .event(lastChunk())
                        .event("[DONE]")
                        .end();
            } else {
                call.json(200, completion("of acme"));
            }
        });
    }

    /** The block of docs/providers.md, in this language, that holds a text. */
    private static String documented(String language, String holds) throws IOException {
        var docs = Files.readString(Path.of("docs/providers.md"));
        return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(docs)
                .results()
                .map(block -> block.group(1))
                .filter(block -> block.contains(holds))
                .findFirst()
                .orElseThrow();
    }
}
