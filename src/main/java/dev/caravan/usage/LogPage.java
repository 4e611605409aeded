package dev.caravan.usage;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/**
 * The answer of {@code GET /admin/logs}.
 *
 * @param logs the page's requests, newest first
 * @param page its number, from 1
 * @param pageSize how many requests a page holds
 * @param total how many requests match, on all pages
 */
@JsonNaming(SnakeCaseStrategy.class)
public record LogPage(List<LogEntry> logs, int page, int pageSize, long total) {

    public LogPage {
        logs = List.copyOf(logs);
    }

    /** The body of the answer: JSON in UTF-8. */
    public byte[] toJson() {
        return UsageJson.bytes(this);
    }
}
