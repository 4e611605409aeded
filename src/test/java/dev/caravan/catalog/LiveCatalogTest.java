package dev.caravan.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.catalog.LiveCatalog.Opening;
import dev.caravan.store.ProviderDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveCatalogTest {

    private static final String ONE = """
            providers:
              - {name: one, type: openai, base_url: "http://h/v1", models: [m]}
            """;

    @TempDir
    Path folder;

    private ProviderDatabase database;

    @BeforeEach
    void open() throws IOException {
        database = new ProviderDatabase(folder).with("providers.yaml", ONE);
    }

    @Test
    @DisplayName("A1 an edited file is in force without a restart, and listeners are told of each provider")
    void followsTheFile() throws IOException {
        var live = database.instance();
        var changes = new ArrayList<String>();
        live.listen(change -> changes.add(change.getClass().getSimpleName() + " "
                + live.current().models().size()));

        live.reload();
        database.with("providers.yaml", ONE.replace("[m]", "[m, n]") + """
                  - {name: two, type: vllm, base_url: "http://h/v1"}
                """);
        live.reload();
        assertThat(live.current().resolve("n", null)).isPresent();
        database.with("providers.yaml", ONE.replace("[m]", "[m, n]"));
        live.reload();

        assertThat(changes).containsExactly("Added 1", "Changed 1", "Added 1", "Removed 2");
        assertThat(live.current().providers()).hasSize(1);
    }

    @Test
    @DisplayName("A1 a wrong edit leaves the last good state in force, and the error is kept to be shown")
    void keepsTheLastGoodState() throws IOException {
        var live = database.instance();
        var before = live.current();

        database.with("providers.yaml", ONE.replace("openai", "nonsense"));
        live.reload();
        assertThat(live.current()).isSameAs(before);
        assertThat(live.errors())
                .singleElement()
                .satisfies(error -> assertThat(error.line()).isEqualTo(2));
        live.reload();

        database.with("providers.yaml", ONE);
        live.reload();
        assertThat(live.errors()).isEmpty();
    }

    @Test
    @DisplayName("A1 files that are wrong from the beginning refuse the start")
    void refusesToOpen() throws IOException {
        database.with("providers.yaml", "providers: [x]\n");

        assertThat(database.open()).isInstanceOf(Opening.Refused.class);
    }

    @Test
    @DisplayName("C6 a provider of a file keeps its id when another comes before it, and when it goes and comes back")
    void idsStay() throws IOException {
        var live = database.instance();
        var id = live.current().provider("one").orElseThrow().id();

        database.with("providers.yaml", """
                providers:
                  - {name: zero, type: openai, base_url: "http://h/v1"}
                """);
        live.reload();
        database.with("providers.yaml", ONE.replace("providers:", """
                providers:
                  - {name: zero, type: openai, base_url: "http://h/v1"}"""));
        live.reload();

        assertThat(live.current().provider("one").orElseThrow().id()).isEqualTo(id);
        assertThat(database.instance().current().provider("one").orElseThrow().id())
                .isEqualTo(id);
    }
}
