package dev.caravan.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
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
        } else {
            pool.setJdbcUrl(settings.dbUrl());
            if (settings.dbUser() != null && !settings.dbUser().isBlank()) {
                pool.setUsername(settings.dbUser());
                pool.setPassword(settings.dbPassword());
            }
        }
        return new HikariDataSource(pool);
    }

    @Bean(initMethod = "migrate")
    Flyway flyway(DataSource dataSource) {
        return Flyway.configure()
                .dataSource(dataSource)
                .locations("classpath:db/migration")
                .load();
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
