package dev.caravan.api;

import dev.caravan.chat.ChatError;
import dev.caravan.chat.ChatRequest;
import dev.caravan.chat.ErrorCode;
import dev.caravan.chat.Outcome;
import dev.caravan.plan.Ask;
import dev.caravan.provider.openai.CompletionWriter;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The HTTP response to a chat request.
 *
 * @param status the HTTP status
 * @param headers by lower-case name
 * @param body a {@code byte[]}, or an {@link InputStream} that gives one server-sent event at a read
 */
public record ChatReply(int status, Map<String, String> headers, Object body) {

    private static final String JSON = "application/json";

    /** What {@code ask} came to, in OpenAI's form. */
    public static ChatReply of(Ask ask) {
        return switch (ask.outcome()) {
            case Outcome.Failed(var error) -> error(error, ask.arrival().requestId());
            case Outcome.Answered(var response) -> {
                var id = response.id().isEmpty() ? CompletionWriter.freshId() : response.id();
                ask.answeredBy(id);
                yield new ChatReply(
                        200,
                        Map.of("content-type", JSON),
                        CompletionWriter.whole(
                                response,
                                id,
                                asked(ask).model(),
                                ask.current().provider().name(),
                                ask.elapsed().toMillis()));
            }
            case Outcome.Streaming(var stream) ->
                new ChatReply(
                        200,
                        Map.of("content-type", "text/event-stream; charset=utf-8", "cache-control", "no-cache"),
                        new EventStream(ask, asked(ask), stream));
        };
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

    private static ChatRequest asked(Ask ask) {
        return ask.request().orElseThrow(() -> new IllegalStateException("an answer without a request"));
    }
}
