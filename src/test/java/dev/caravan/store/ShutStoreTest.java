package dev.caravan.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShutStoreTest {

    @TempDir
    private Path folder;

    @Test
    @DisplayName(
            "F4 F7 a database that has shut its store, as at a full disk, is opened again by the next who wants it")
    void opensAgain() {
        try (var stored = new Stored(folder)) {
            stored.jdbc.update("CREATE TABLE kept (id INT)");
            stored.jdbc.update("INSERT INTO kept VALUES (7)");
            var unused = catchThrowable(() -> stored.jdbc.execute("SHUTDOWN IMMEDIATELY"));

            await().atMost(Duration.ofSeconds(20))
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(stored.jdbc.queryForObject("SELECT id FROM kept", Integer.class))
                            .isEqualTo(7));
        }
    }
}
