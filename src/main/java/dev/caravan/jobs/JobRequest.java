package dev.caravan.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * A request that arrived as a Kafka record. Immutable as long as nobody writes into its arrays.
 *
 * @param id what the request is known by, from its record to its response
 * @param endpoint the HTTP path whose body the value is, such as {@code /v1/chat/completions}
 * @param key the record's key as it was; null if it had none
 * @param value the request's body, JSON if the sender is right; empty for a tombstone
 * @param headers the record's headers as they were; of several with one name the last
 * @param topic where it was read
 */
public record JobRequest(
        String id, String endpoint, byte @Nullable [] key, byte[] value, Map<String, byte[]> headers, String topic) {

    /** What a record asks for that does not name its endpoint. */
    public static final String DEFAULT_ENDPOINT = "/v1/chat/completions";

    /** Where a record stands. */
    public record Place(String topic, int partition, long offset) {}

    public JobRequest {
        headers = Map.copyOf(headers);
    }

    /**
     * Reads a record. Its id is header {@code ce_id}; without one, the key with the SHA-256 of the value; without a key
     * (an empty one tells nothing apart and counts as none) the topic's id, partition and offset.
     *
     * @param topicIds gives the id of a topic by its name; asked only for a record with neither {@code ce_id} nor key
     */
    public static JobRequest of(
            byte @Nullable [] key,
            byte @Nullable [] value,
            Map<String, byte[]> headers,
            Place place,
            Function<String, Uuid> topicIds) {
        var body = value == null ? new byte[0] : value;
        var given = JobId.given(headers.get("ce_id"));
        String id;
        if (given != null) {
            id = given;
        } else if (key != null && key.length > 0) {
            id = JobId.ofKey(key, body);
        } else {
            id = JobId.ofPlace(topicIds.apply(place.topic()), place.partition(), place.offset());
        }
        var endpoint = headers.get("caravan-endpoint");
        return new JobRequest(
                id,
                endpoint == null || endpoint.length == 0 ? DEFAULT_ENDPOINT : new String(endpoint, UTF_8),
                key,
                body,
                headers,
                place.topic());
    }

    /** A header's value as text. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name)).map(bytes -> new String(bytes, UTF_8));
    }

    /** Without key, value and headers: they may be private. */
    @Override
    public String toString() {
        return "JobRequest[" + id + ", " + endpoint + ", from " + topic + "]";
    }
}
