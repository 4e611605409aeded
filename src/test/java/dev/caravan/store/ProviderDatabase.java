package dev.caravan.store;

import dev.caravan.access.MasterKey;
import dev.caravan.catalog.LiveCatalog;
import dev.caravan.catalog.LiveCatalog.Opening;
import dev.caravan.catalog.Secret;
import dev.caravan.testing.Postgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A database, H2 in a folder unless told otherwise, with a folder of configuration beside it. */
public final class ProviderDatabase {

    private final DataSource source;
    private final Path config;

    public ProviderDatabase(Path folder) throws IOException {
        this(folder, h2(folder));
    }

    private ProviderDatabase(Path folder, DataSource source) throws IOException {
        this.source = source;
        config = Files.createDirectories(folder.resolve("config"));
        Flyway.configure().dataSource(source).load().migrate();
    }

    /** One on a PostgreSQL. */
    static ProviderDatabase on(String url, Path folder) throws IOException {
        return new ProviderDatabase(folder, new DriverManagerDataSource(url, Postgres.USER, "any"));
    }

    private static DataSource h2(Path folder) {
        var source = new JdbcDataSource();
        source.setURL("jdbc:h2:file:" + folder.resolve("db").toAbsolutePath()
                + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;WRITE_DELAY=0;DB_CLOSE_DELAY=0");
        return source;
    }

    public JdbcClient sql() {
        return JdbcClient.create(source);
    }

    public ProviderTable table(String masterKey) {
        return new ProviderTable(
                sql(),
                new TransactionTemplate(new JdbcTransactionManager(source)),
                new MasterKey(new Secret(masterKey)),
                Clock.systemUTC());
    }

    /** Writes a file of the configuration. */
    public ProviderDatabase with(String file, String text) throws IOException {
        Files.writeString(config.resolve(file), text);
        return this;
    }

    /** One more instance on this database and this configuration. */
    public LiveCatalog instance() {
        return opened(open());
    }

    /** One more instance, whose simulator is at {@code simulatorUrl}. */
    public LiveCatalog instance(String simulatorUrl) {
        return opened(open(Map.of("caravan.simulator.url", simulatorUrl)));
    }

    private static LiveCatalog opened(Opening opening) {
        return switch (opening) {
            case Opening.Opened(var live) -> live;
            case Opening.Refused(var errors) -> throw new AssertionError(errors);
        };
    }

    public Opening open() {
        return open(Map.of());
    }

    private Opening open(Map<String, String> environment) {
        return LiveCatalog.open(config, environment::get, table("master"), Clock.systemUTC());
    }
}
