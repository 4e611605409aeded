package dev.caravan.cooperation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.cooperation.Prompts.Prompt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromptsTest {

    private static final Path SHIPPED = Path.of("config", "prompts");

    @TempDir
    private Path folder;

    @BeforeEach
    void prepare() throws IOException {
        Files.createDirectories(folder.resolve("tasks"));
    }

    @Test
    @DisplayName("A5 Every prompt and every task of the requirements ships")
    void shipped() {
        var prompts = new Prompts(SHIPPED, Clock.systemUTC());

        assertThat(prompts.current().missing()).isEmpty();
        for (var task : new String[] {"analysis", "summary", "translation", "code", "review"}) {
            assertThat(prompts.hasTask(task)).as(task).isTrue();
            assertThat(prompts.current().task(task, Map.of("question", "Why?"))).contains("Why?");
        }
        assertThat(prompts.current().of(Prompt.PICK, Map.of("answers", "the {count} $1 answers", "count", "7")))
                .contains("the {count} $1 answers", "Their 7 answers");
    }

    @Test
    @DisplayName("A5 A task may be added and changed; an empty file leaves what was there before, and is told")
    void changes() throws IOException {
        var prompts = new Prompts(folder, Clock.systemUTC());
        assertThat(prompts.hasTask("mine")).isFalse();
        assertThat(prompts.current().missing()).contains("config/prompts/cooperation/pick.md");
        var file = folder.resolve("tasks/mine.md");

        Files.writeString(file, "one");
        prompts.reload();
        assertThat(prompts.current().task("mine", Map.of())).isEqualTo("one");
        Files.writeString(file, " \n");
        prompts.reload();
        assertThat(prompts.current().task("mine", Map.of())).isEqualTo("one");
        assertThat(prompts.files()).singleElement().satisfies(state -> {
            assertThat(state.errors()).hasSize(1);
            assertThat(state.inForce()).isFalse();
        });
        Files.delete(file);
        prompts.reload();
        assertThat(prompts.hasTask("mine")).isFalse();
    }
}
