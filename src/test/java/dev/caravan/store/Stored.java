package dev.caravan.store;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A migrated H2 in a folder, for tests. */
final class Stored implements AutoCloseable {

    final HikariDataSource dataSource;
    final JdbcTemplate jdbc;
    final RequestLog log;
    final HourlyStatistics statistics;

    Stored(Path folder) {
        this(folder, Duration.ofDays(30));
    }

    Stored(Path folder, Duration retention) {
        var settings = new StoreSettings(folder, null, null, null, retention);
        var configuration = new StoreConfiguration();
        dataSource = configuration.dataSource(settings);
        configuration.flyway(dataSource).migrate();
        jdbc = new JdbcTemplate(dataSource);
        var transactions = new TransactionTemplate(new JdbcTransactionManager(dataSource));
        log = new RequestLog(jdbc, transactions, settings);
        statistics = new HourlyStatistics(jdbc, transactions, settings);
    }

    @Override
    public void close() {
        dataSource.close();
    }
}
