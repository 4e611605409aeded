package dev.caravan.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.catalog.LiveCatalog;
import dev.caravan.catalog.Secret;
import dev.caravan.chat.ChatError;
import dev.caravan.store.ProviderDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProvidersApiTest {

    private static final String PRIMARY = """
            {"name": "openai-primary", "type": "openai", "base_url": "https://api.openai.com/v1",
             "api_key": "sk-0123456789abcd", "enabled": true, "priority": 100, "weight": 100, "timeout": 60}""";

    @TempDir
    Path folder;

    private ProviderDatabase database;
    private LiveCatalog live;
    private ProvidersApi api;

    @BeforeEach
    void open() throws IOException {
        database = new ProviderDatabase(folder).with("providers.yaml", """
                providers:
                  - {name: filed, type: vllm, base_url: "http://h/v1", api_key: sk-of-the-file-1234, models: [m]}
                """);
        live = database.instance();
        api = new ProvidersApi(live);
    }

    @Test
    @DisplayName(
            "C6 what is created is shown with every field, its key masked, and makes name:any-model usable at once")
    void creates() {
        var created = ok(201, api.create(bytes(PRIMARY)));

        assertThat(created.get("id").isIntegralNumber()).isTrue();
        assertThat(created.get("api_key").asText()).isEqualTo("****abcd");
        assertThat(created.get("timeout").isIntegralNumber()).isTrue();
        assertThat(created.get("retry").get("max_retries").asInt()).isEqualTo(3);
        assertThat(created.get("source").asText()).isEqualTo("admin");
        assertThat(created.get("created_at").asText()).endsWith("Z");
        assertThat(live.current().resolve("openai-primary:any-model", null)).isPresent();
        assertThat(ok(200, api.get("openai-primary"))).isEqualTo(created);
        assertThat(ok(200, api.get(created.get("id").asText()))).isEqualTo(created);
        var list = ok(200, api.list());
        assertThat(list.get("object").asText()).isEqualTo("list");
        assertThat(list.get("data")).hasSize(2);
        assertThat(list.toString()).doesNotContain("sk-");
    }

    @Test
    @DisplayName("C6 what is created survives a restart and reaches every instance")
    void reachesOthers() {
        var other = database.instance();
        api.create(bytes(PRIMARY));

        assertThat(other.refresh()).isTrue();
        assertThat(other.current().provider("openai-primary"))
                .isEqualTo(live.current().provider("openai-primary"));
        assertThat(database.instance()
                        .current()
                        .provider("openai-primary")
                        .orElseThrow()
                        .apiKey())
                .isEqualTo(new Secret("sk-0123456789abcd"));
    }

    @Test
    @DisplayName("C6 a change touches what it names, and null takes away what may be missing")
    void changes() {
        api.create(bytes(PRIMARY));

        var changed = ok(200, api.change("openai-primary", bytes("""
                {"name": "second", "enabled": false, "timeout": 0.5, "models": ["a"], "default_model": "a",
                 "retry": {"max_retries": 1}}""")));
        assertThat(changed.get("enabled").asBoolean()).isFalse();
        assertThat(changed.get("timeout").asDouble()).isEqualTo(0.5);
        assertThat(changed.get("api_key").asText()).isEqualTo("****abcd");
        assertThat(changed.get("retry").get("max_delay").asInt()).isEqualTo(60);
        assertThat(live.current().provider("openai-primary")).isEmpty();

        var cleared = ok(200, api.change("second", bytes("{\"api_key\": null, \"default_model\": null}")));
        assertThat(cleared.has("api_key")).isFalse();
        assertThat(cleared.has("default_model")).isFalse();
        assertThat(live.current().provider("second").orElseThrow().apiKey()).isNull();
    }

    @Test
    @DisplayName("C6 a provider of the file is changed over it, and deleting the change brings the file's back")
    void overrides() {
        var id = ok(200, api.get("filed")).get("id").asInt();

        assertThat(ok(200, api.change("filed", bytes("{\"priority\": 7}")))
                        .get("source")
                        .asText())
                .isEqualTo("override");
        assertThat(database.instance().current().provider("filed").orElseThrow().priority())
                .isEqualTo(7);
        assertThat(refused(409, api.change("filed", bytes("{\"name\": \"renamed\"}")))
                        .param())
                .isEqualTo("name");
        assertThat(ok(200, api.delete("filed")))
                .isEqualTo(new ObjectMapper().valueToTree(Map.of("id", id, "object", "provider", "deleted", true)));
        assertThat(ok(200, api.get("filed")).get("source").asText()).isEqualTo("file");
        assertThat(refused(409, api.delete("filed")).message()).contains("config/providers.yaml");
        assertThat(ok(200, api.get("filed")).get("id").asInt()).isEqualTo(id);
    }

    @Test
    @DisplayName("C6 a name that is taken is 409, one that is unknown 404")
    void conflictsAndStrangers() {
        api.create(bytes(PRIMARY));

        assertThat(refused(409, api.create(bytes(PRIMARY))).param()).isEqualTo("name");
        assertThat(refused(409, api.create(bytes(PRIMARY.replace("openai-primary", "filed"))))
                        .param())
                .isEqualTo("name");
        assertThat(refused(409, api.change("openai-primary", bytes("{\"name\": \"filed\"}")))
                        .param())
                .isEqualTo("name");
        ok(200, api.delete("openai-primary"));
        refused(404, api.get("openai-primary"));
        refused(404, api.delete("4711"));
        refused(404, api.change("nobody", bytes("{}")));
        ok(201, api.create(bytes(PRIMARY)));
    }

    @Test
    @DisplayName("C6 bad input is 400 and changes nothing")
    void refusesBadInput() {
        assertThat(refused(400, api.change("filed", bytes("{\"priority\": -1}")))
                        .param())
                .isEqualTo("priority");
        assertThat(refused(400, api.create(bytes("{\"type\": \"openai\"}"))).param())
                .isEqualTo("name");
        assertThat(ok(200, api.get("filed")).get("source").asText()).isEqualTo("file");
    }

    @Test
    @DisplayName("C6 changes of several instances at once are all kept")
    void changesAtOnce() {
        var instances = List.of(api, new ProvidersApi(database.instance()));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.range(0, 16)
                    .forEach(i -> threads.submit(
                            () -> instances.get(i % 2).create(bytes(PRIMARY.replace("openai-primary", "p" + i)))));
        }

        assertThat(database.instance().current().providers()).hasSize(17);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static JsonNode ok(int status, Answer answer) {
        assertThat(answer)
                .isInstanceOfSatisfying(
                        Answer.Ok.class, ok -> assertThat(ok.status()).isEqualTo(status));
        return new ObjectMapper().valueToTree(((Answer.Ok) answer).body());
    }

    private static ChatError refused(int status, Answer answer) {
        assertThat(answer).isInstanceOf(Answer.Refused.class);
        var error = ((Answer.Refused) answer).error();
        assertThat(error.status()).isEqualTo(status);
        return error;
    }
}
