package dev.caravan.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.caravan.api.Answer;
import dev.caravan.api.ProvidersApi;
import dev.caravan.catalog.LiveCatalog.Opening;
import dev.caravan.reload.FileState;
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
    @DisplayName("A1 the time and digest of each file are those of the state in force; an error goes with its cause")
    void statesOfFiles() throws IOException {
        var live = database.instance();
        var good = live.files().getFirst();
        assertThat(good.inForce()).isTrue();

        database.with("providers.yaml", ONE + "  - x\n").with("prices.yaml", "prices: []\n");
        live.reload();
        assertThat(live.files())
                .extracting(
                        FileState::inForce,
                        FileState::digest,
                        state -> state.errors().size())
                .containsExactly(tuple(false, null, 0), tuple(false, good.digest(), 1));

        database.with("providers.yaml", ONE);
        live.reload();
        assertThat(live.files())
                .allMatch(FileState::inForce)
                .allMatch(state -> state.errors().isEmpty());
        assertThat(live.files().getLast()).isEqualTo(good);
    }

    @Test
    @DisplayName("C6 the simulator's url is that of the present run, whatever was stored of it in another")
    void simulatorOfThisRun() throws IOException {
        database.with("providers.yaml", """
                providers:
                  - {name: sim, type: openai, base_url: "${caravan.simulator.url}"}
                """);
        var before = database.instance("http://127.0.0.1:1111/v1");
        var api = new ProvidersApi(before);
        assertThat(api.change("sim", "{\"priority\": 7}".getBytes(UTF_8))).isInstanceOf(Answer.Ok.class);
        assertThat(api.change("sim", "{\"base_url\": \"http://h/v1\"}".getBytes(UTF_8)))
                .isInstanceOf(Answer.Refused.class);

        var after = database.instance("http://127.0.0.1:2222/v1")
                .current()
                .provider("sim")
                .orElseThrow();

        assertThat(after.priority()).isEqualTo(7);
        assertThat(after.baseUrl()).isEqualTo("http://127.0.0.1:2222/v1");
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
