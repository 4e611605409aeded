package dev.caravan.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.api.ModelsView.Model;
import dev.caravan.store.ProviderDatabase;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelsViewTest {

    @TempDir
    Path folder;

    private ModelsView models;

    @BeforeEach
    void open() throws IOException {
        models = new ModelsView(new ProviderDatabase(folder)
                .with("providers.yaml", """
                        providers:
                          - {name: a, type: openai, base_url: "http://h/v1", models: [own, both, "llama3.1:latest"]}
                          - {name: b, type: openai, base_url: "http://h/v1", models: [both, smart], priority: 900}
                          - {name: off, type: openai, base_url: "http://h/v1", models: [both, gone], enabled: false}
                          - {name: any, type: openai, base_url: "http://h/v1"}
                        """)
                .with("models.yaml", """
                        models:
                          - {name: smart, provider: a, path: up/smart}
                        """)
                .instance());
    }

    @Test
    @DisplayName("C4 each public name once, and provider:model only where it adds something")
    void lists() {
        assertThat(models.list())
                .extracting(Model::id)
                .containsExactlyInAnyOrder(
                        "smart", "own", "both", "llama3.1:latest", "a:both", "b:both", "b:smart", "auto");
        assertThat(models.list())
                .allMatch(model -> model.created() > 0 && model.object().equals("model"));
    }

    @Test
    @DisplayName("B4 an entry has id, object, created, owned_by and provider")
    void entry() {
        assertThat(new ObjectMapper()
                        .valueToTree(models.find("both").orElseThrow())
                        .toString())
                .matches(
                        "\\{\"id\":\"both\",\"object\":\"model\",\"created\":\\d+,\"owned_by\":\"b\",\"provider\":\"b\"}");
    }

    @Test
    @DisplayName("B5 C4 the detail call takes names with ':' and '/', and provider:model of any model")
    void finds() {
        assertThat(models.find("llama3.1:latest")).map(Model::provider).hasValue("a");
        assertThat(models.find("a:own")).map(Model::id).hasValue("a:own");
        assertThat(models.find("a:smart")).isPresent();
        assertThat(models.find("any:meta/llama:70b")).map(Model::provider).hasValue("any");
        assertThat(models.find("a:unheard-of")).isEmpty();
        assertThat(models.find("off:gone")).isEmpty();
        assertThat(models.find("gone")).isEmpty();
        assertThat(models.find("nobody:m")).isEmpty();
    }
}
