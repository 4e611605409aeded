package dev.caravan.api;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ErrorCode;
import dev.caravan.store.UsageReplays;
import dev.caravan.usage.Parsed;
import dev.caravan.usage.QueryParameters;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code /admin/usage/replay}. Thread-safe. */
public final class UsageReplayApi {

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final Set<String> KNOWN = Set.of("from", "reprice");

    private record Wanted(@Nullable Instant from, boolean reprice) {}

    private final UsageReplays replays;

    public UsageReplayApi(UsageReplays replays) {
        this.replays = replays;
    }

    /** {@code POST}: begins one, which is 202 with how it stands. */
    public Answer begin(byte[] body) {
        return switch (read(body)) {
            case Parsed.Invalid<Wanted>(var error) -> new Answer.Refused(error);
            case Parsed.Valid<Wanted>(var wanted) ->
                replays.begin(wanted.from(), wanted.reprice()).isEmpty()
                        ? new Answer.Refused(ChatError.of(
                                ErrorCode.CONFLICT, "A replay is running; GET this path to see how far it is."))
                        : new Answer.Ok(202, replays.latest().orElseThrow());
        };
    }

    /** {@code GET}: how the last one stands. */
    public Answer state() {
        return new Answer.Ok(200, replays.latest().<Object>map(each -> each).orElse(Map.of("state", "none")));
    }

    private static Parsed<Wanted> read(byte[] body) {
        JsonNode json;
        try {
            json = body.length == 0 ? JSON.createObjectNode() : JSON.readTree(body);
        } catch (IOException e) {
            return wrong(null, "The request body is not valid JSON.");
        }
        if (!json.isObject()) {
            return wrong(null, "The request body must be one JSON object; {} replays everything.");
        }
        var reprice = json.path("reprice");
        if (!reprice.isMissingNode() && !reprice.isBoolean()) {
            return wrong("reprice", "'reprice' must be true or false.");
        }
        var texts = new LinkedHashMap<String, String>();
        json.properties()
                .forEach(field -> texts.put(field.getKey(), field.getValue().asText()));
        var parameters = new QueryParameters(texts, KNOWN);
        var now = Instant.now();
        var from = parameters.instant("from", now);
        if (from != null && from.isAfter(now)) {
            return wrong("from", "'from' must not be in the future.");
        }
        return parameters.result(() -> new Wanted(from, reprice.asBoolean()));
    }

    private static Parsed<Wanted> wrong(@Nullable String param, String message) {
        return new Parsed.Invalid<>(ChatError.invalid(param, message));
    }
}
