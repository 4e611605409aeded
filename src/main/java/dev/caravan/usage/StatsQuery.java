package dev.caravan.usage;

import java.util.Map;
import java.util.Set;

/**
 * Which time statistics are wanted for.
 *
 * @param hours how many hours back from now, 1 to 8760
 */
public record StatsQuery(int hours) {

    private static final int HOURS_OF_A_YEAR = 8760;

    /** Reads the query parameters of {@code GET /admin/stats}; what is unknown or out of bounds is an error of status 400. */
    public static Parsed<StatsQuery> parse(Map<String, String> parameters) {
        var read = new QueryParameters(parameters, Set.of("hours"));
        int hours = read.integer("hours", 24, 1, HOURS_OF_A_YEAR);
        return read.result(() -> new StatsQuery(hours));
    }
}
