package dev.caravan.api;

import dev.caravan.catalog.LiveCatalog;
import dev.caravan.catalog.ProviderSpec;
import dev.caravan.store.HourlyStatistics;
import dev.caravan.store.RequestLog;
import dev.caravan.usage.LogQuery;
import dev.caravan.usage.Parsed;
import dev.caravan.usage.StatsQuery;
import java.util.Map;

/** {@code /admin/stats} and {@code /admin/logs}. Thread-safe. */
public final class UsageApi {

    private final HourlyStatistics statistics;
    private final RequestLog log;
    private final LiveCatalog catalog;

    public UsageApi(HourlyStatistics statistics, RequestLog log, LiveCatalog catalog) {
        this.statistics = statistics;
        this.log = log;
        this.catalog = catalog;
    }

    /** {@code GET /admin/stats}. */
    public Answer stats(Map<String, String> parameters) {
        return switch (StatsQuery.parse(parameters)) {
            case Parsed.Invalid<StatsQuery>(var error) -> new Answer.Refused(error);
            case Parsed.Valid<StatsQuery>(var query) ->
                new Answer.Ok(200, statistics.report(query.hours(), this::providerId));
        };
    }

    /** {@code GET /admin/logs}. */
    public Answer logs(Map<String, String> parameters) {
        return switch (LogQuery.parse(parameters)) {
            case Parsed.Invalid<LogQuery>(var error) -> new Answer.Refused(error);
            case Parsed.Valid<LogQuery>(var query) -> new Answer.Ok(200, log.find(query));
        };
    }

    private int providerId(String name) {
        return catalog.current().provider(name).map(ProviderSpec::id).orElse(0);
    }
}
