package dev.caravan.store;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** One statement for many rows, in few round trips. Thread-safe. */
record Batches(JdbcTemplate jdbc) {

    private static final int AT_ONCE = 500;

    /**
     * Runs it for each row.
     *
     * @return how many rows of the table each has changed
     */
    int[] update(String sql, List<@Nullable Object[]> rows) {
        var counts = new int[rows.size()];
        for (var from = 0; from < rows.size(); from += AT_ONCE) {
            var some = rows.subList(from, Math.min(rows.size(), from + AT_ONCE));
            System.arraycopy(jdbc.batchUpdate(sql, some), 0, counts, from, some.size());
        }
        return counts;
    }

    /** One row. */
    static @Nullable Object[] values(@Nullable Object... values) {
        return values;
    }
}
