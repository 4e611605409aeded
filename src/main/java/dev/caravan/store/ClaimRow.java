package dev.caravan.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A row of the table {@code job_claim}.
 *
 * @param status the ordinal of its state
 * @param owner an incarnation
 * @param responseId 0 while no answer is stored
 * @param ownerLives whether the owner's lease has not ended
 */
record ClaimRow(
        UUID id,
        UUID content,
        int status,
        long owner,
        int attempts,
        int round,
        long responseId,
        byte @Nullable [] earlierUsage,
        long changedSecond,
        boolean ownerLives) {

    /** Those of these ids that are known. */
    static Map<UUID, ClaimRow> of(JdbcTemplate jdbc, List<UUID> ids) {
        var rows = new HashMap<UUID, ClaimRow>();
        if (!ids.isEmpty()) {
            jdbc.query(
                    """
                    SELECT c.id, c.content, c.status, c.owner, c.attempts, c.round, c.response_id, c.earlier_usage, c.changed_second,
                        n.lease_until > CURRENT_TIMESTAMP AS lives
                    FROM job_claim c LEFT JOIN job_node n ON n.incarnation = c.owner WHERE c.id = ANY (?)""",
                    statement -> statement.setArray(1, statement.getConnection().createArrayOf("uuid", ids.toArray())),
                    row -> {
                        var found = of(row);
                        rows.put(found.id(), found);
                    });
        }
        return rows;
    }

    private static ClaimRow of(ResultSet row) throws SQLException {
        return new ClaimRow(
                row.getObject("id", UUID.class),
                row.getObject("content", UUID.class),
                row.getInt("status"),
                row.getLong("owner"),
                row.getInt("attempts"),
                row.getInt("round"),
                row.getLong("response_id"),
                row.getBytes("earlier_usage"),
                row.getLong("changed_second"),
                row.getBoolean("lives"));
    }
}
