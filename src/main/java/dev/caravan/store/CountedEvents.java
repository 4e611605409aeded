package dev.caravan.store;

import dev.caravan.usage.UsageEvent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Which events the sums hold already: the ids of each batch, packed into one row for each second in which events of it
 * ended, for a row for each event would cost more than the sums themselves. Who asks holds the lock of
 * {@link Generations}, so that no one else counts at the same time. Works within the caller's transaction. Thread-safe.
 */
final class CountedEvents {

    private static final int ID_LENGTH = 16;

    private final JdbcTemplate jdbc;

    CountedEvents(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Those of the events that were never counted in this generation, now noted as counted.
     *
     * @param horizon the second before which nothing is counted any more
     */
    List<UsageEvent> countNew(long generation, long horizon, List<UsageEvent> events) {
        var seen = idsCounted(generation, events);
        var fresh = new ArrayList<UsageEvent>(events.size());
        for (var event : events) {
            if (second(event) >= horizon && seen.add(event.id())) {
                fresh.add(event);
            }
        }
        note(generation, fresh);
        return fresh;
    }

    /** When the newest event that is known by its id ended, in seconds since 1970; null if there is none. */
    @Nullable
    Long newest(long generation) {
        return jdbc.queryForObject(
                "SELECT MAX(finished_second) FROM counted_events WHERE generation = ?", Long.class, generation);
    }

    /** Forgets the ids of events that ended before {@code second}. Returns how many rows of them there were. */
    int forget(long generation, long second) {
        return jdbc.update(
                "DELETE FROM counted_events WHERE generation = ? AND finished_second < ?", generation, second);
    }

    /** Lets another generation know the events that ended before {@code second}. */
    void copy(long from, long to, long second) {
        jdbc.update("""
                INSERT INTO counted_events (generation, finished_second, event_ids)
                SELECT CAST(? AS BIGINT), finished_second, event_ids FROM counted_events
                WHERE generation = ? AND finished_second < ?""", to, from, second);
    }

    /** Forgets generations that are of no use any more. */
    void forgetOld() {
        jdbc.update("DELETE FROM counted_events WHERE " + Generations.OLD);
    }

    private Set<UUID> idsCounted(long generation, List<UsageEvent> events) {
        var seconds = events.stream().map(CountedEvents::second).distinct().toArray();
        var seen = new HashSet<UUID>();
        jdbc.query(
                // a join, since H2 does not find a list of values in an index of two columns
                """
                SELECT event_ids FROM UNNEST(?) AS wanted (wanted_second)
                JOIN counted_events ON generation = ? AND finished_second = wanted_second""",
                statement -> {
                    statement.setArray(1, statement.getConnection().createArrayOf("bigint", seconds));
                    statement.setLong(2, generation);
                },
                row -> {
                    var ids = ByteBuffer.wrap(row.getBytes(1));
                    while (ids.hasRemaining()) {
                        seen.add(new UUID(ids.getLong(), ids.getLong()));
                    }
                });
        return seen;
    }

    private void note(long generation, List<UsageEvent> fresh) {
        Map<Long, List<UUID>> bySecond = new TreeMap<>();
        for (var event : fresh) {
            bySecond.computeIfAbsent(second(event), key -> new ArrayList<>()).add(event.id());
        }
        jdbc.batchUpdate(
                "INSERT INTO counted_events (generation, finished_second, event_ids) VALUES (?, ?, ?)",
                bySecond.entrySet(),
                Math.max(1, bySecond.size()),
                (row, entry) -> {
                    row.setLong(1, generation);
                    row.setLong(2, entry.getKey());
                    row.setBytes(3, packed(entry.getValue()));
                });
    }

    private static byte[] packed(List<UUID> ids) {
        var bytes = ByteBuffer.allocate(ids.size() * ID_LENGTH);
        for (var id : ids) {
            bytes.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
        }
        return bytes.array();
    }

    private static long second(UsageEvent event) {
        return event.timestamp().getEpochSecond();
    }
}
