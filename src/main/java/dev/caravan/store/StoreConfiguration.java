package dev.caravan.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The database: embedded in the data folder, or the one that is configured; its tables are brought up to date at the start. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(StoreSettings.class)
public class StoreConfiguration {

    /** Nothing of the database is on the path of a request, so a few connections serve all who read and write it. */
    private static final int MAX_CONNECTIONS = 8;

    private static final int IDLE_CONNECTIONS = 2;
    private static final long CONNECTION_TIMEOUT_MS = 5_000;
    private static final String POSTGRESQL = "jdbc:postgresql:";

    /** @throws DatabaseRefused if it does not let the program in */
    @Bean(destroyMethod = "close")
    HikariDataSource dataSource(StoreSettings settings) {
        var pool = new HikariConfig();
        pool.setPoolName("store");
        pool.setMaximumPoolSize(MAX_CONNECTIONS);
        pool.setMinimumIdle(IDLE_CONNECTIONS);
        pool.setConnectionTimeout(CONNECTION_TIMEOUT_MS);
        if (settings.embedded()) {
            pool.setJdbcUrl(embeddedUrl(settings.data()));
            pool.setUsername("sa");
            pool.setPassword("");
            // the database is closed with its last connection: keep them
            pool.setMaxLifetime(0);
            pool.setExceptionOverride(new ShutStore());
        } else {
            configure(pool, settings);
        }
        try {
            return new HikariDataSource(pool);
        } catch (HikariPool.PoolInitializationException e) {
            throw new DatabaseRefused("The database of %s cannot be used: %s"
                    .formatted(settings.embedded() ? settings.data().resolve("db") : "CARAVAN_DB_URL", reason(e)));
        }
    }

    /** @throws DatabaseRefused if the tables cannot be brought up to date */
    @Bean
    Flyway flyway(DataSource dataSource) {
        var flyway = Flyway.configure()
                .dataSource(dataSource)
                .locations("classpath:db/migration")
                .load();
        try {
            flyway.migrate();
        } catch (FlywayException e) {
            throw new DatabaseRefused("The tables of the database cannot be brought up to date: " + reason(e));
        }
        return flyway;
    }

    private static void configure(HikariConfig pool, StoreSettings settings) {
        var url = String.valueOf(settings.dbUrl()).strip();
        if (!hasDriver(url)) {
            throw new DatabaseRefused("CARAVAN_DB_URL is not the JDBC URL of a PostgreSQL: it looks like"
                    + " jdbc:postgresql://HOST:5432/DATABASE, with user and password in CARAVAN_DB_USER and"
                    + " CARAVAN_DB_PASSWORD.");
        }
        pool.setJdbcUrl(url);
        if (settings.dbUser() != null && !settings.dbUser().isBlank()) {
            pool.setUsername(settings.dbUser());
            pool.setPassword(settings.dbPassword());
        }
        if (url.startsWith(POSTGRESQL)) {
            // an idle connection whose other end vanished is noticed; what the URL says wins
            pool.addDataSourceProperty("tcpKeepAlive", "true");
            pool.addDataSourceProperty("ApplicationName", "caravan");
        }
    }

    private static boolean hasDriver(String url) {
        try {
            return DriverManager.getDriver(url) != null;
        } catch (SQLException e) {
            // its message is but "no suitable driver"
            return false;
        }
    }

    /** What the database itself says, on one line: messages further out may tell the URL. */
    private static String reason(Throwable thrown) {
        var message = Stream.iterate(thrown, each -> each != null, Throwable::getCause)
                .reduce(thrown, (outer, inner) -> inner instanceof SQLException ? inner : outer)
                .getMessage();
        return String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", "; ");
    }

    /**
     * H2's own files are {@code FileChannel}s, which an interrupt of any thread inside H2 closes for everyone; the
     * {@code async:} ones outlive it. Without {@code WRITE_DELAY=0} a crash loses committed rows. H2's own shutdown hook
     * would close the database while requests are still drained.
     */
    static String embeddedUrl(Path data) {
        return "jdbc:h2:async:" + data.toAbsolutePath().normalize().resolve("db/caravan")
                + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH;WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE";
    }
}
