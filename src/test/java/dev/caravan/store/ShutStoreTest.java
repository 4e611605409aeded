package dev.caravan.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataAccessException;

class ShutStoreTest {

    @TempDir
    private Path folder;

    @Test
    @DisplayName(
            "F4 F7 a database that has shut its store, as on a full disk, is opened again by the next who wants it")
    void opensAgain() throws Exception {
        try (var stored = new Stored(folder)) {
            stored.jdbc.update("CREATE TABLE kept (id INT)");
            stored.jdbc.update("INSERT INTO kept VALUES (7)");
            shut(stored);
            assertThatThrownBy(() -> kept(stored)).isInstanceOf(DataAccessException.class);

            await().atMost(Duration.ofSeconds(20))
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(kept(stored)).isEqualTo(7));
        }
    }

    /** What H2 does to itself when a write fails. */
    private static void shut(Stored stored) throws SQLException {
        try (var connection = stored.dataSource.getConnection()) {
            var session = (SessionLocal) connection.unwrap(JdbcConnection.class).getSession();
            session.getDatabase().getStore().getMvStore().closeImmediately();
        }
    }

    private static @Nullable Integer kept(Stored stored) {
        return stored.jdbc.queryForObject("SELECT id FROM kept", Integer.class);
    }
}
