package dev.caravan.api;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.chat.ChatError;
import dev.caravan.jobs.ClaimStore.State;
import dev.caravan.jobs.DeadLetter;
import dev.caravan.jobs.DeadLetters;
import dev.caravan.usage.Parsed;
import dev.caravan.usage.QueryParameters;
import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code /admin/jobs/dead} and {@code /admin/jobs/replay}. Thread-safe. */
public final class DeadLettersApi {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> LISTED = Set.of("page", "page_size", "id", "error_code", "since", "until");
    private static final Set<String> REPLAYED = Set.of("error_code", "since", "until");
    private static final String CRITERIA =
            "The body must be a JSON object with 'ids' (a list of texts), 'error_code', 'since' or 'until', or with 'all': true.";

    private record Wanted(DeadLetters.Query query, int page, int pageSize) {}

    private final DeadLetters letters;

    public DeadLettersApi(DeadLetters letters) {
        this.letters = letters;
    }

    /** {@code GET /admin/jobs/dead}. */
    public Answer list(Map<String, String> parameters) {
        var read = new QueryParameters(parameters, LISTED);
        var page = read.integer("page", 1, 1, Integer.MAX_VALUE);
        var pageSize = read.integer("page_size", 50, 1, 1000);
        var id = parameters.get("id");
        var query = query(read, id == null ? null : Set.of(id));
        return switch (read.result(() -> new Wanted(query, page, pageSize))) {
            case Parsed.Invalid<Wanted>(var error) -> new Answer.Refused(error);
            case Parsed.Valid<Wanted>(var wanted) -> {
                var found = letters.find(wanted.query(), page, pageSize);
                var body = new LinkedHashMap<String, Object>();
                body.put(
                        "jobs",
                        found.letters().stream()
                                .map(letter -> entry(letter, found.states().get(letter.id())))
                                .toList());
                body.put("page", page);
                body.put("page_size", pageSize);
                body.put("total", found.total());
                yield new Answer.Ok(200, body);
            }
        };
    }

    /** {@code POST /admin/jobs/replay}. */
    public Answer replay(byte[] body) {
        JsonNode json;
        try {
            json = JSON.readTree(body);
        } catch (IOException e) {
            return refused(null, CRITERIA);
        }
        if (json == null || !json.isObject() || json.isEmpty()) {
            return refused(null, CRITERIA);
        }
        var all = json.path("all");
        if (json.has("all") && !(all.isBoolean() && all.asBoolean() && json.size() == 1)) {
            return refused("all", "'all' must be true, and stand alone.");
        }
        var texts = new LinkedHashMap<String, String>();
        for (var field : json.properties()) {
            if (field.getKey().equals("ids")) {
                if (!isTexts(field.getValue())) {
                    return refused("ids", "'ids' must be a list of texts, each the id of a request.");
                }
            } else if (!field.getKey().equals("all")) {
                texts.put(field.getKey(), field.getValue().asText());
            }
        }
        var read = new QueryParameters(texts, REPLAYED);
        var query = query(
                read,
                json.has("ids")
                        ? new HashSet<>(JSON.convertValue(json.get("ids"), new TypeReference<List<String>>() {}))
                        : null);
        return switch (read.result(() -> query)) {
            case Parsed.Invalid<DeadLetters.Query>(var error) -> new Answer.Refused(error);
            case Parsed.Valid<DeadLetters.Query>(var wanted) -> {
                var done = letters.replay(wanted);
                yield new Answer.Ok(200, Map.of("replayed", done.replayed(), "skipped", done.skipped()));
            }
        };
    }

    private static boolean isTexts(JsonNode list) {
        if (!list.isArray() || list.isEmpty()) {
            return false;
        }
        for (var each : list) {
            if (!each.isTextual()) {
                return false;
            }
        }
        return true;
    }

    private static DeadLetters.Query query(QueryParameters read, @Nullable Set<String> ids) {
        var now = Instant.now();
        return new DeadLetters.Query(
                ids, read.text("error_code"), read.instant("since", now), read.instant("until", now));
    }

    private static Map<String, Object> entry(DeadLetter letter, @Nullable State state) {
        var entry = new LinkedHashMap<String, Object>();
        entry.put("id", letter.id());
        entry.put("timestamp", letter.diedAt().toString());
        entry.put("topic", letter.topic());
        entry.put("reason", letter.reason());
        entry.put("error_code", letter.errorCode());
        entry.put("error_message", letter.errorMessage());
        entry.put("attempts", letter.attempts());
        entry.put("partition", letter.place().partition());
        entry.put("offset", letter.place().offset());
        entry.put("state", state == null ? "forgotten" : state.name().toLowerCase(Locale.ROOT));
        return entry;
    }

    private static Answer refused(@Nullable String param, String message) {
        return new Answer.Refused(ChatError.invalid(param, message));
    }
}
