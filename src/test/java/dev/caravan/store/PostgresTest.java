package dev.caravan.store;

import dev.caravan.testing.Postgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;

/** What the tests of this package prove of the embedded database holds on a PostgreSQL too. */
class PostgresTest {

    @Nested
    @DisplayName("F6 The request log on PostgreSQL")
    class Log extends RequestLogTest {
        @Override
        Stored store(Path folder) {
            return Stored.on(Postgres.shared().newDatabase(), Duration.ofDays(2));
        }
    }

    @Nested
    @DisplayName("F4 F6 Claims of jobs on PostgreSQL")
    class Claims extends ClaimTableTest {
        @Override
        Stored store(Path folder) {
            return Stored.on(Postgres.shared().newDatabase(), Duration.ofDays(2));
        }
    }

    @Nested
    @DisplayName("F6 Statistics on PostgreSQL")
    class Statistics extends HourlyStatisticsTest {
        @Override
        Stored store(Path folder) {
            return Stored.on(Postgres.shared().newDatabase(), Duration.ofDays(2));
        }
    }

    @Nested
    @DisplayName("F6 Counted events on PostgreSQL")
    class Counted extends CountedEventsTest {
        @Override
        Stored store(Path folder) {
            return Stored.on(Postgres.shared().newDatabase(), Duration.ofDays(2));
        }

        @Override
        String byBothColumns() {
            return "counted_events_place.*\\s+Index Cond: \\(\\(generation = .*\\) AND \\(finished_second = ";
        }
    }

    @Nested
    @DisplayName("F5 F6 Usage replay on PostgreSQL")
    class Replay extends UsageReplayTest {
        @Override
        Stored store(Path folder) {
            return Stored.on(Postgres.shared().newDatabase(), Duration.ofDays(2));
        }
    }

    @Nested
    @DisplayName("F6 Providers on PostgreSQL")
    class Providers extends ProviderTableTest {
        private final String url = Postgres.shared().newDatabase();

        @Override
        ProviderDatabase database(Path folder) throws IOException {
            return ProviderDatabase.on(url, folder);
        }

        @Override
        Path files(Path folder) {
            return Postgres.shared().folder();
        }
    }
}
