package dev.caravan.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ReloadingTest {

    private record Part(Runnable step) implements Reloadable {

        @Override
        public void look() {
            step.run();
        }

        @Override
        public void reload() {
            step.run();
        }

        @Override
        public List<FileState> files() {
            return List.of();
        }
    }

    @Test
    @DisplayName("F3 a part that fails by an Error keeps neither the others nor the next look from it")
    void error() {
        var followed = new AtomicInteger();
        var reloading = new Reloading(
                Path.of("."),
                List.of(
                        new Part(() -> {
                            throw new NoClassDefFoundError("optional");
                        }),
                        new Part(followed::incrementAndGet)));

        assertThatCode(reloading::look).doesNotThrowAnyException();
        assertThatIllegalStateException().isThrownBy(reloading::reload).withMessageContaining("optional");
        assertThat(followed).hasValue(2);
    }
}
