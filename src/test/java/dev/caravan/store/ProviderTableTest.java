package dev.caravan.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.catalog.ProviderForm;
import dev.caravan.catalog.ProviderForm.Filled;
import dev.caravan.catalog.ProviderSettings;
import dev.caravan.catalog.ProviderWrite;
import dev.caravan.catalog.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProviderTableTest {

    private static final String KEY = "sk-plain-to-see-0123456789";

    @TempDir
    Path folder;

    @Test
    @DisplayName("C6 all settings survive a restart, and the key stands nowhere in the database's files")
    void keysAreEncrypted() throws IOException {
        var settings = settings("one");
        var database = database(folder);
        assertThat(database.table("master").write(0, new ProviderWrite.Create(settings)))
                .isTrue();
        database.sql().sql("CHECKPOINT").update();

        assertThat(database(folder).table("master").load(List.of()).rows())
                .singleElement()
                .satisfies(row -> assertThat(row.own()).isEqualTo(settings));
        try (var files = Files.walk(files(folder))) {
            var written = files.filter(Files::isRegularFile).toList();
            assertThat(written).isNotEmpty();
            for (var file : written) {
                assertThat(Files.readString(file, ISO_8859_1)).doesNotContain("plain-to-see");
            }
        }
    }

    @Test
    @DisplayName("C6 another master key is told in a sentence, without the key")
    void anotherMasterKey() throws IOException {
        var database = database(folder);
        database.table("master").write(0, new ProviderWrite.Create(settings("one")));

        assertThatThrownBy(() -> database.table("another").load(List.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("provider 'one'")
                .hasMessageContaining("CARAVAN_MASTER_KEY");
    }

    @Test
    @DisplayName("C6 of two changes of the same version one wins, and nothing of the other is stored")
    void oneWins() throws IOException {
        var table = database(folder).table("master");

        assertThat(table.write(0, new ProviderWrite.Create(settings("one")))).isTrue();
        assertThat(table.write(0, new ProviderWrite.Create(settings("two")))).isFalse();
        assertThat(table.load(List.of()).rows()).hasSize(1);
        assertThat(table.version()).isEqualTo(1);
    }

    @Test
    @DisplayName("Open mode: that a client key was configured once is remembered")
    void remembersClientKeys() throws IOException {
        var mark = new KeyMark(database(folder).sql());

        assertThat(mark.everConfigured(false)).isFalse();
        assertThat(mark.everConfigured(true)).isTrue();
        assertThat(mark.everConfigured(true)).isTrue();
        assertThat(new KeyMark(database(folder).sql()).everConfigured(false)).isTrue();
    }

    /** The database of this folder, opened once more. */
    ProviderDatabase database(Path folder) throws IOException {
        return new ProviderDatabase(folder);
    }

    /** Where the files of the database are. */
    Path files(Path folder) {
        return folder;
    }

    private static ProviderSettings settings(String name) {
        var filled = ProviderForm.create("""
                {"name": "%s", "type": "openrouter", "base_url": "http://h/v1", "timeout": 1.5, "models": ["a", "b"],
                 "default_model": "a", "retry": {"max_retries": 0, "initial_delay": 0.25}}""".formatted(name).getBytes(ISO_8859_1));
        return ((Filled.Right) filled).settings().withApiKey(new Secret(KEY));
    }
}
