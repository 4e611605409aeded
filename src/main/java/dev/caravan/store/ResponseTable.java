package dev.caravan.store;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** The table {@code job_response}: answers from when they are stored to when they are published, in parts. Thread-safe. */
record ResponseTable(JdbcTemplate jdbc, Batches batches) {

    /** H2 takes no more as one value. */
    private static final int PART = 1_000_000;

    void add(Map<Long, byte[]> answers) {
        var parts = new ArrayList<@Nullable Object[]>();
        answers.forEach((id, answer) -> {
            for (var i = 0; i < Math.ceilDiv(answer.length, PART); i++) {
                var part = Arrays.copyOfRange(answer, i * PART, Math.min(answer.length, (i + 1) * PART));
                parts.add(Batches.values(id, i, part));
            }
        });
        batches.update("INSERT INTO job_response (response_id, part, content) VALUES (?, ?, ?)", parts);
    }

    byte[] read(long id) {
        var parts = jdbc.query(
                "SELECT content FROM job_response WHERE response_id = ? ORDER BY part",
                (row, _) -> row.getBytes(1),
                id);
        var whole = new ByteArrayOutputStream();
        parts.forEach(whole::writeBytes);
        return whole.toByteArray();
    }

    void delete(List<Long> ids) {
        batches.update(
                "DELETE FROM job_response WHERE response_id = ?",
                ids.stream().map(id -> Batches.values(id)).toList());
    }
}
