package dev.caravan.store;

import dev.caravan.usage.UsageEvent;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Which events the sums hold already: the ids of each batch, packed into one row for each second in which events of it
 * ended, for a row for each event would cost more than the sums themselves. Who asks holds the lock, so that no one else
 * counts at the same time. Works within the caller's transaction. Thread-safe.
 */
final class CountedEvents {

    private static final int ID_LENGTH = 16;

    private final JdbcTemplate jdbc;

    CountedEvents(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** Those of the events that were never counted, now noted as counted; the lock is held until the transaction ends. */
    List<UsageEvent> countNew(List<UsageEvent> events) {
        long horizon = lock();
        var seen = idsCounted(events);
        var fresh = new ArrayList<UsageEvent>(events.size());
        for (var event : events) {
            if (second(event) >= horizon && seen.add(event.id())) {
                fresh.add(event);
            }
        }
        note(fresh);
        return fresh;
    }

    /**
     * Forgets the ids of events that ended longer ago than {@code age} before the newest counted one; such events are not
     * counted any more. Measured from the newest one and not from now, so that after a long absence of the database the
     * events that waited for it still count.
     */
    int forget(long ageSeconds) {
        long horizon = lock();
        var newest = jdbc.queryForObject("SELECT MAX(finished_second) FROM counted_events", Long.class);
        long now = Instant.now().getEpochSecond();
        long end = newest == null ? horizon : Math.max(horizon, Math.min(newest, now) - ageSeconds);
        jdbc.update("UPDATE counted_horizon SET finished_second = ? WHERE id = 1", end);
        return jdbc.update("DELETE FROM counted_events WHERE finished_second < ?", end);
    }

    private long lock() {
        return Objects.requireNonNull(
                jdbc.queryForObject("SELECT finished_second FROM counted_horizon WHERE id = 1 FOR UPDATE", Long.class));
    }

    private Set<UUID> idsCounted(List<UsageEvent> events) {
        var seconds = events.stream().map(CountedEvents::second).distinct().toArray();
        var seen = new HashSet<UUID>();
        jdbc.query(
                "SELECT event_ids FROM counted_events WHERE finished_second = ANY (?)",
                statement -> statement.setArray(1, statement.getConnection().createArrayOf("bigint", seconds)),
                row -> {
                    var ids = ByteBuffer.wrap(row.getBytes(1));
                    while (ids.hasRemaining()) {
                        seen.add(new UUID(ids.getLong(), ids.getLong()));
                    }
                });
        return seen;
    }

    private void note(List<UsageEvent> fresh) {
        Map<Long, List<UUID>> bySecond = new TreeMap<>();
        for (var event : fresh) {
            bySecond.computeIfAbsent(second(event), key -> new ArrayList<>()).add(event.id());
        }
        jdbc.batchUpdate(
                "INSERT INTO counted_events (finished_second, event_ids) VALUES (?, ?)",
                bySecond.entrySet(),
                Math.max(1, bySecond.size()),
                (row, entry) -> {
                    row.setLong(1, entry.getKey());
                    row.setBytes(2, packed(entry.getValue()));
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
