package dev.caravan.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.chat.ChatError;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** The one body that every error has, whatever the endpoint: OpenAI's error object with details, and who and when. */
public final class ErrorBody {

    private static final ObjectMapper JSON = new ObjectMapper();

    private ErrorBody() {}

    /** The whole body, as JSON. */
    public static byte[] of(ChatError error, String requestId) {
        var body = new LinkedHashMap<String, Object>();
        body.put("error", object(error, requestId));
        body.put("timestamp", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
        body.put("request_id", requestId);
        return json(body);
    }

    /** The error object alone, as JSON: what stands under {@code error}. */
    public static byte[] inner(ChatError error, String requestId) {
        return json(object(error, requestId));
    }

    private static Map<String, Object> object(ChatError error, String requestId) {
        var details = new LinkedHashMap<String, Object>();
        details.put("request_id", requestId);
        if (error.cause() != null) {
            details.put("cause", error.cause());
        }
        if (error.retryAfter() != null) {
            details.put("retry_after", error.retryAfter().toMillis() / 1000.0);
        }
        var object = new LinkedHashMap<String, Object>();
        object.put("message", error.message());
        object.put("type", error.code().type());
        object.put("param", error.param());
        object.put("code", error.code().text());
        object.put("details", details);
        return object;
    }

    private static byte[] json(Map<String, Object> body) {
        try {
            return JSON.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an error body of maps and strings must be writable", e);
        }
    }
}
