package dev.caravan.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A real PostgreSQL server on a free port of this machine, which all tests of a run share; it ends with the JVM. */
public final class Postgres {

    /** Who may connect to all databases of the server; any password does. */
    public static final String USER = "postgres";

    private static final AtomicInteger DATABASES = new AtomicInteger();

    private static @Nullable Postgres shared;

    private final EmbeddedPostgres server;
    private final Path folder;

    private Postgres(EmbeddedPostgres server, Path folder) {
        this.server = server;
        this.folder = folder;
    }

    public static synchronized Postgres shared() {
        if (shared == null) {
            try {
                var folder = Files.createTempDirectory("caravan-test-postgres");
                // as root it enters a user namespace in which it is not
                var server = EmbeddedPostgres.builder()
                        .setDataDirectory(folder)
                        .setCleanDataDirectory(true)
                        .start();
                shared = new Postgres(server, folder);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return shared;
    }

    /** The JDBC URL of a new, empty database. */
    public String newDatabase() {
        var name = "caravan_" + DATABASES.incrementAndGet();
        try (var connection = server.getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/" + name;
    }

    /** Where the server keeps the data of all databases. */
    public Path folder() {
        return folder;
    }
}
