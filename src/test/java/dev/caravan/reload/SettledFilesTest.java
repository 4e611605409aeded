package dev.caravan.reload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettledFilesTest {

    private final AtomicLong nanos = new AtomicLong();
    private final SettledFiles files = new SettledFiles(Duration.ofMillis(400), nanos::get);

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = folder.resolve("a.yaml");
        Files.writeString(file, "one");
        files.now(List.of(file));
    }

    @Test
    @DisplayName("A changed file is read when it has stood still for a while, and not before")
    void settles() throws IOException {
        Files.writeString(file, "two, half");
        assertThat(look(0)).isFalse();
        assertThat(look(300)).isFalse();
        Files.writeString(file, "two, whole");
        assertThat(look(300)).isFalse();
        assertThat(look(300)).isFalse();
        assertThat(read().text()).isEqualTo("one");

        assertThat(look(100)).isTrue();
        assertThat(read().text()).isEqualTo("two, whole");
        assertThat(look(1000)).isFalse();
    }

    @Test
    @DisplayName("A file that is gone for a moment, as while an editor saves, is not gone")
    void replaced() throws IOException {
        Files.delete(file);
        assertThat(look(0)).isFalse();
        assertThat(look(300)).isFalse();
        Files.writeString(file, "new");
        look(0);
        assertThat(look(400)).isTrue();
        assertThat(read().text()).isEqualTo("new");

        Files.delete(file);
        look(0);
        assertThat(look(400)).isTrue();
        assertThat(files.texts()).isEmpty();
    }

    @Test
    @DisplayName("Another file of the same size and time in its place is seen")
    void renamed() throws IOException {
        var time = Files.getLastModifiedTime(file);
        var other = folder.resolve("b");
        Files.writeString(other, "eno");
        Files.setLastModifiedTime(other, FileTime.from(time.toInstant()));
        Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
        look(0);
        assertThat(look(400)).isTrue();
        assertThat(read().text()).isEqualTo("eno");
    }

    @Test
    @DisplayName("A touched file that says the same is no change; asked for, a file is read at once")
    void same() throws IOException {
        Files.setLastModifiedTime(file, FileTime.fromMillis(1));
        look(0);
        assertThat(look(400)).isFalse();
        Files.writeString(file, "two");
        assertThat(files.now(List.of(file))).isTrue();
        assertThat(files.now(List.of(file))).isFalse();
    }

    @Test
    @DisplayName("What is no text says so, and no text is ever shown")
    void noText() throws IOException {
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        files.now(List.of(file));
        assertThat(read().problem()).isEqualTo("must be UTF-8");
        Files.writeString(file, "key: secret");
        files.now(List.of(file));
        assertThat(files.texts().toString()).doesNotContain("secret");
    }

    private FileText read() {
        return Objects.requireNonNull(files.texts().get(file));
    }

    private boolean look(int millisLater) {
        nanos.addAndGet(Duration.ofMillis(millisLater).toNanos());
        return files.look(List.of(file));
    }
}
