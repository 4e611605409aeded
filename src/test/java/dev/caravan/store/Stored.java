package dev.caravan.store;

import com.zaxxer.hikari.HikariDataSource;
import dev.caravan.testing.Postgres;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A migrated database, for tests. */
final class Stored implements AutoCloseable {

    final HikariDataSource dataSource;
    final JdbcTemplate jdbc;
    final RequestLog log;
    final HourlyStatistics statistics;
    final TransactionTemplate transactions;

    Stored(Path folder) {
        this(folder, Duration.ofDays(30));
    }

    Stored(Path folder, Duration retention) {
        this(new StoreSettings(folder, null, null, null, retention));
    }

    private Stored(StoreSettings settings) {
        var configuration = new StoreConfiguration();
        dataSource = configuration.dataSource(settings);
        configuration.flyway(dataSource);
        jdbc = new JdbcTemplate(dataSource);
        transactions = new TransactionTemplate(new JdbcTransactionManager(dataSource));
        log = new RequestLog(jdbc, transactions, settings);
        statistics = new HourlyStatistics(jdbc, transactions, settings);
    }

    /** One on a PostgreSQL. */
    static Stored on(String url, Duration retention) {
        return new Stored(new StoreSettings(Path.of("unused"), url, Postgres.USER, "any", retention));
    }

    @Override
    public void close() {
        dataSource.close();
    }
}
