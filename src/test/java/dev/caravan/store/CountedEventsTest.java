package dev.caravan.store;

import static dev.caravan.usage.UsageEvents.answered;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementSetter;
import org.springframework.jdbc.core.RowCallbackHandler;

class CountedEventsTest {

    private static final int SECONDS = 10_000;

    /** An empty database. */
    Stored store(Path folder) {
        return new Stored(folder);
    }

    /** How the database says that it finds rows by both columns of the index. */
    String byBothColumns() {
        return "counted_events_place: generation = \\S+\\s+AND finished_second = wanted_second";
    }

    @Test
    @DisplayName(
            "F6 which events are counted is looked up by generation and second in the index, and no row beside it is read")
    void looksUpByIndex(@TempDir Path folder) {
        try (var stored = store(folder)) {
            var now = Instant.now();
            var events = List.of(
                    answered(now, "m1", "one", "k", "1"),
                    answered(now.minusSeconds(SECONDS / 2), "m1", "one", "k", "1"));
            var first = now.getEpochSecond() - SECONDS;
            stored.jdbc.batchUpdate(
                    "INSERT INTO counted_events (generation, finished_second, event_ids) VALUES (0, ?, ?)",
                    LongStream.range(0, SECONDS)
                            .mapToObj(i -> new Object[] {first + i, new byte[16]})
                            .toList());
            stored.jdbc.execute("ANALYZE");
            var explaining = new Explaining(stored.dataSource);
            var counted = new CountedEvents(explaining);

            assertThat(counted.countNew(0, first, events)).isEqualTo(events);
            assertThat(counted.countNew(0, first, events)).isEmpty();

            assertThat(explaining.plans)
                    .hasSize(2)
                    .allSatisfy(plan -> assertThat(plan).containsPattern(byBothColumns()));
        }
    }

    /** Has each query explained before it is asked. */
    private static final class Explaining extends JdbcTemplate {

        private final List<String> plans = new ArrayList<>();

        private Explaining(DataSource source) {
            super(source);
        }

        @Override
        public void query(String sql, @Nullable PreparedStatementSetter values, RowCallbackHandler rows) {
            plans.add(String.join("\n", query("EXPLAIN " + sql, values, (row, _) -> row.getString(1))));
            super.query(sql, values, rows);
        }
    }
}
