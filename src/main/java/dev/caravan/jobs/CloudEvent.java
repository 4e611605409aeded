package dev.caravan.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A CloudEvent in structured mode (CloudEvents 1.0, Kafka protocol binding 3.3, JSON event format): one JSON object with
 * the attributes and, under {@code data} or {@code data_base64}, what it carries.
 *
 * @param attributes those that are texts, by their names
 * @param data the bytes of {@code data} as they were written; empty without it
 */
record CloudEvent(Map<String, String> attributes, byte[] data) {

    private static final JsonFactory JSON = new JsonFactory();
    private static final String MEDIA_TYPE = "application/cloudevents+json";

    /** Extension attributes have no dashes in their names. */
    private static final Map<String, String> HEADERS = Map.of(
            "correlationid", "correlation-id",
            "replyto", "reply-to",
            "caravanendpoint", JobRequest.ENDPOINT,
            "deadline", "deadline",
            "priority", "priority",
            "traceparent", "traceparent");

    /** The event, if the content type says that there is one and it is well-formed. */
    static @Nullable CloudEvent structured(byte @Nullable [] contentType, byte @Nullable [] value) {
        if (contentType == null
                || value == null
                || !new String(contentType, UTF_8).toLowerCase(Locale.ROOT).startsWith(MEDIA_TYPE)) {
            return null;
        }
        try {
            return read(value);
        } catch (IOException | IllegalArgumentException e) {
            return null; // as the body of a request it is told what is wrong with it
        }
    }

    /** The record's headers with what the event says itself. */
    Map<String, byte[]> headers(Map<String, byte[]> sent) {
        var headers = new HashMap<>(sent);
        attributes.forEach((name, text) -> {
            if (name.equals("id")) {
                headers.putIfAbsent(JobRequest.ID, text.getBytes(UTF_8));
            } else if (HEADERS.containsKey(name)) {
                headers.putIfAbsent(HEADERS.get(name), text.getBytes(UTF_8));
            }
        });
        return headers;
    }

    private static CloudEvent read(byte[] json) throws IOException {
        var attributes = new HashMap<String, String>();
        var data = new byte[0];
        try (var parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("no object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                var name = parser.currentName();
                var token = parser.nextToken();
                if (name.equals("data")) {
                    var start = (int) parser.currentTokenLocation().getByteOffset();
                    parser.skipChildren();
                    parser.finishToken();
                    data = Arrays.copyOfRange(
                            json, start, (int) parser.currentLocation().getByteOffset());
                } else if (name.equals("data_base64")) {
                    data = parser.getBinaryValue();
                } else if (token == JsonToken.VALUE_STRING) {
                    attributes.put(name, parser.getText());
                } else {
                    parser.skipChildren();
                }
            }
        }
        if (!attributes.containsKey("specversion")) {
            throw new IOException("no CloudEvent");
        }
        return new CloudEvent(attributes, data);
    }
}
