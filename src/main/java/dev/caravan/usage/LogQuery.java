package dev.caravan.usage;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which requests of the log are wanted; null does not restrict.
 *
 * @param page from 1
 * @param pageSize rows on a page, 1 to 1000
 * @param statusCode HTTP status
 * @param model the model that was asked for
 * @param provider a provider that answered or was called
 * @param key name of the client's key
 * @param requestId id of the request or of its completion
 * @param since ended at this time or later
 * @param until ended before this time
 */
public record LogQuery(
        int page,
        int pageSize,
        @Nullable Integer statusCode,
        @Nullable String model,
        @Nullable String provider,
        @Nullable String key,
        @Nullable String requestId,
        @Nullable Instant since,
        @Nullable Instant until) {

    private static final Set<String> KNOWN =
            Set.of("page", "page_size", "status_code", "model", "provider", "key", "request_id", "since", "until");

    /**
     * Reads the query parameters of {@code GET /admin/logs}. Times are ISO-8601 with an offset, seconds since 1970, or a
     * number with {@code s}, {@code m}, {@code h}, {@code d} or {@code w}: that long ago. What is unknown or makes no sense
     * is an error of status 400 that names the parameter.
     */
    public static Parsed<LogQuery> parse(Map<String, String> parameters) {
        return parse(parameters, Instant.now());
    }

    static Parsed<LogQuery> parse(Map<String, String> parameters, Instant now) {
        var read = new QueryParameters(parameters, KNOWN);
        int page = read.integer("page", 1, 1, Integer.MAX_VALUE);
        int pageSize = read.integer("page_size", 50, 1, 1000);
        var statusCode = read.integer("status_code", 100, 599);
        var model = read.text("model");
        var provider = read.text("provider");
        var key = read.text("key");
        var requestId = read.text("request_id");
        var since = read.instant("since", now);
        var until = read.instant("until", now);
        if (since != null && until != null && since.isAfter(until)) {
            read.fail("since", "'since' must not be after 'until'.");
        }
        return read.result(
                () -> new LogQuery(page, pageSize, statusCode, model, provider, key, requestId, since, until));
    }

    /** How many rows stand on the pages before. */
    public long offset() {
        return (page - 1L) * pageSize;
    }
}
