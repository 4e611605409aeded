package dev.caravan.store;

import dev.caravan.catalog.Prices;
import dev.caravan.usage.SecondCost;
import dev.caravan.usage.StatsReport;
import dev.caravan.usage.StatsReport.ByKey;
import dev.caravan.usage.StatsReport.ByModel;
import dev.caravan.usage.StatsReport.ByProvider;
import dev.caravan.usage.StatsReport.Counts;
import dev.caravan.usage.UsageEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Requests and provider calls, summed by the hour. Thread-safe, and safe for several instances on one database: they add
 * one after the other. A database that is away is a {@link DataAccessException}; nothing is half done then, and the same
 * call can be repeated.
 */
public class HourlyStatistics {

    private final TransactionOperations transactions;
    private final Generations generations;
    private final GenerationTables tables;
    private final Supplier<Prices> prices;
    private final Duration retention;

    /** @param prices those of today, for statistics that are being rebuilt with them */
    public HourlyStatistics(
            JdbcTemplate jdbc, TransactionOperations transactions, StoreSettings settings, Supplier<Prices> prices) {
        this.transactions = transactions;
        this.generations = new Generations(jdbc);
        this.tables = new GenerationTables(jdbc);
        this.prices = prices;
        this.retention = settings.logRetention();
    }

    /**
     * Adds the events to the sums in one transaction, each event once however often it comes; while the sums are being
     * rebuilt, to both. Returns how many were new.
     */
    public int append(List<UsageEvent> events) {
        return Objects.requireNonNull(transactions.execute(tx -> {
            var state = generations.lock();
            var building = state.building();
            if (building != null) {
                var second = building.repriced() ? SecondCost.by(prices.get()) : SecondCost.SAME;
                tables.add(building.generation(), building.horizon(), events, second);
            }
            return tables.add(state.live(), state.horizon(), events, SecondCost.SAME);
        }));
    }

    /**
     * The sums of the last hours. They are kept by the hour of the clock (UTC): the hour in which the report begins is
     * part of it as a whole, so it covers up to an hour more than was asked for.
     *
     * @param hours how many hours back from now
     * @param providerId the number of a provider by its name
     */
    public StatsReport report(int hours, ToIntFunction<String> providerId) {
        var now = Instant.now();
        var since = now.minus(hours, ChronoUnit.HOURS).truncatedTo(ChronoUnit.HOURS);
        var models = tables.requests().live("model", since, ByModel::new);
        var keys = tables.requests().live("key_name", since, ByKey::new);
        var providers = tables.calls()
                .live("provider", since, (name, counts) -> new ByProvider(providerId.applyAsInt(name), name, counts));
        var all = models.stream().map(ByModel::counts).reduce(Counts.NONE, Counts::plus);
        return new StatsReport(all, providers, models, keys, now);
    }

    /**
     * Forgets by which ids repeats are known, once they are older than the retention; events from before then are not
     * counted any more. Measured from the newest event and not from now, so that after a long absence of the database the
     * events that waited for it still count. For a scheduler.
     */
    public int forgetExpired() {
        return Objects.requireNonNull(transactions.execute(tx -> {
            var state = generations.lock();
            var newest = tables.counted().newest(state.live());
            long now = Instant.now().getEpochSecond();
            long end = newest == null
                    ? state.horizon()
                    : Math.max(state.horizon(), Math.min(newest, now) - retention.toSeconds());
            generations.moveHorizon(end);
            return tables.counted().forget(state.live(), end);
        }));
    }
}
