package dev.caravan.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ChatRequest;
import dev.caravan.chat.ErrorCode;
import dev.caravan.chat.Operation;
import dev.caravan.chat.Outcome;
import dev.caravan.plan.Ask;
import dev.caravan.provider.openai.CompletionWriter;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The HTTP response to a chat request, or to another {@link Operation}.
 *
 * @param status the HTTP status
 * @param headers by lower-case name
 * @param body a {@code byte[]}, or an {@link InputStream} that gives one server-sent event at a read
 */
public record ChatReply(int status, Map<String, String> headers, Object body) {

    /** The header that names the fields of the request that the provider was not told of. */
    public static final String DROPPED = "x-caravan-dropped";

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String JSON = "application/json";
    static final Map<String, String> WHOLE = Map.of("content-type", JSON);

    /** The headers of every stream. */
    public static final Map<String, String> STREAM =
            Map.of("content-type", "text/event-stream; charset=utf-8", "cache-control", "no-cache");

    private static final int LONGEST_HEADER = 1000;

    /** The header that tells which model was chosen, where the request's own stands for several. */
    public static final String MODEL = "x-caravan-model";

    /** What {@code ask} came to, in OpenAI's form. */
    public static ChatReply of(Ask ask) {
        return switch (ask.outcome()) {
            case Outcome.Failed(var error) -> error(error, ask.arrival().requestId());
            case Outcome.Answered _
            when ask.purpose().isPresent() ->
                new ChatReply(
                        200, headers(ask, WHOLE), ask.purpose().orElseThrow().body());
            case Outcome.Answered(var response) -> {
                var operation = ask.operation();
                var id = response.id().isEmpty() ? CompletionWriter.freshId(operation) : response.id();
                if (operation != Operation.EMBEDDING) {
                    ask.answeredBy(id);
                }
                yield new ChatReply(
                        200,
                        headers(ask, WHOLE),
                        CompletionWriter.whole(
                                operation,
                                response,
                                id,
                                ask.model(),
                                ask.current().provider().name(),
                                ask.elapsed().toMillis()));
            }
            case Outcome.Streaming(var stream) ->
                new ChatReply(200, headers(ask, STREAM), new EventStream(ask, asked(ask), stream));
        };
    }

    /** What {@code ask} came to, in another form: what Jackson makes of {@code body}. */
    static ChatReply json(Ask ask, Object body) {
        try {
            return new ChatReply(200, headers(ask, WHOLE), MAPPER.writeValueAsBytes(body));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An error, with what tells an SDK whether and when to ask again. */
    public static ChatReply error(ChatError error, String requestId) {
        var headers = new LinkedHashMap<String, String>();
        headers.put("content-type", JSON);
        var after = error.retryAfter();
        if (after != null) {
            headers.put("retry-after", String.valueOf(Math.max(1, Math.ceilDiv(after.toMillis(), 1000))));
        }
        if (error.code() == ErrorCode.UNAUTHORIZED) {
            headers.put("www-authenticate", "Bearer");
        }
        // the broker has repeated what was worth repeating: a client that does it again only multiplies the load
        if (after == null && (error.status() >= 500 || error.code() == ErrorCode.RATE_LIMIT_EXCEEDED)) {
            headers.put("x-should-retry", "false");
        }
        return new ChatReply(error.status(), headers, ErrorBody.of(error, requestId));
    }

    /** The same where status and headers of a stream are sent already: what is no stream comes as its only event. */
    public ChatReply inStream() {
        return body instanceof byte[] whole
                ? new ChatReply(200, STREAM, new ByteArrayInputStream(CompletionWriter.event(whole)))
                : this;
    }

    /** The fields of the request that the provider that answered was not told of, one after the other; empty for none. */
    public static String dropped(Ask ask) {
        var fields = String.join(", ", ask.dropped()).replaceAll("[^ -~]", "?"); // their names may be anything
        return fields.length() > LONGEST_HEADER ? fields.substring(0, LONGEST_HEADER) + "..." : fields;
    }

    private static Map<String, String> headers(Ask ask, Map<String, String> always) {
        if (ask.dropped().isEmpty() && ask.decision().isEmpty()) {
            return always;
        }
        var headers = new LinkedHashMap<>(always);
        if (!ask.dropped().isEmpty()) {
            headers.put(DROPPED, dropped(ask));
        }
        if (ask.decision().isPresent()) {
            headers.put(MODEL, ask.model().replaceAll("[^ -~]", "?"));
        }
        return headers;
    }

    private static ChatRequest asked(Ask ask) {
        return ask.request().orElseThrow(() -> new IllegalStateException("an answer without a request"));
    }
}
