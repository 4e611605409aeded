package dev.caravan.store;

import com.zaxxer.hikari.HikariDataSource;
import dev.caravan.catalog.Price;
import dev.caravan.catalog.Prices;
import dev.caravan.testing.Postgres;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A migrated database, for tests. */
final class Stored implements AutoCloseable {

    /** A million tokens of model {@code m1} of provider {@code one} cost a dollar in 2026, and two later; cached ones nothing. */
    static final Prices PRICES = new Prices(List.of(
            new Prices.Row("one", "m1", LocalDate.of(2026, 1, 1), price("1")),
            new Prices.Row("one", "m1", LocalDate.of(2027, 1, 1), price("2"))));

    final HikariDataSource dataSource;
    final JdbcTemplate jdbc;
    final RequestLog log;
    final HourlyStatistics statistics;
    final TransactionTemplate transactions;
    final UsageReplays replays;

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
        statistics = new HourlyStatistics(jdbc, transactions, settings, () -> PRICES);
        replays = new UsageReplays(jdbc, transactions, "one", Clock.systemUTC());
    }

    /** One on a PostgreSQL. */
    static Stored on(String url, Duration retention) {
        return new Stored(new StoreSettings(Path.of("unused"), url, Postgres.USER, "any", retention));
    }

    private static Price price(String dollars) {
        return new Price(new BigDecimal(dollars), new BigDecimal(dollars), BigDecimal.ZERO);
    }

    @Override
    public void close() {
        dataSource.close();
    }
}
