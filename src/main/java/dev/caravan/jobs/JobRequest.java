package dev.caravan.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.caravan.jobs.Lanes.Priority;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
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
 * @param topic the topic of requests it came by; also where it was read from the retry topic
 * @param place where it was read
 * @param record the record's value as it was: the body, or the CloudEvent that holds it; null for a tombstone
 */
public record JobRequest(
        String id,
        String endpoint,
        byte @Nullable [] key,
        byte[] value,
        Map<String, byte[]> headers,
        String topic,
        Place place,
        byte @Nullable [] record) {

    /** What a record asks for that does not name its endpoint. */
    public static final String DEFAULT_ENDPOINT = "/v1/chat/completions";

    /** Where requests wait for a later time. */
    public static final String RETRY_TOPIC = "caravan.requests.retry";

    static final String ID = "ce_id";
    static final String ENDPOINT = "caravan-endpoint";

    /** Set on the retry topic, and believed there alone. */
    static final String ROUND = "caravan-round";

    static final String NOT_BEFORE = "not-before";
    static final String ORIGIN = "caravan-topic";
    static final String SINCE = "caravan-since";

    private static final long MILLIS_FROM = 100_000_000_000L;

    /** Where a record stands. */
    public record Place(String topic, int partition, long offset) {}

    /** Where a response is wanted; no partition leaves it to Kafka. */
    public record ReplyTo(String topic, @Nullable Integer partition) {}

    public JobRequest {
        headers = Map.copyOf(headers);
    }

    /**
     * Reads a record, which may be a CloudEvent in structured mode. Its id is header {@code ce_id}, or that of the
     * CloudEvent; without one, the key with the SHA-256 of the value; without a key (an empty one tells nothing apart and
     * counts as none) the topic's id, partition and offset.
     *
     * @param topicIds gives the id of a topic by its name; asked only for a record with neither {@code ce_id} nor key
     */
    public static JobRequest of(
            byte @Nullable [] key,
            byte @Nullable [] value,
            Map<String, byte[]> headers,
            Place place,
            Function<String, Uuid> topicIds) {
        var event = CloudEvent.structured(headers.get("content-type"), value);
        var sent = event == null ? headers : event.headers(headers);
        var body = event != null ? event.data() : value == null ? new byte[0] : value;
        var given = JobId.given(sent.get(ID));
        String id;
        if (given != null) {
            id = given;
        } else if (key != null && key.length > 0) {
            id = JobId.ofKey(key, body);
        } else {
            id = JobId.ofPlace(topicIds.apply(place.topic()), place.partition(), place.offset());
        }
        var endpoint = sent.get(ENDPOINT);
        var origin = place.topic().equals(RETRY_TOPIC) ? sent.get(ORIGIN) : null;
        return new JobRequest(
                id,
                endpoint == null || endpoint.length == 0 ? DEFAULT_ENDPOINT : new String(endpoint, UTF_8),
                key,
                body,
                sent,
                origin == null ? place.topic() : new String(origin, UTF_8),
                place,
                value);
    }

    /** A header's value as text. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name)).map(bytes -> new String(bytes, UTF_8));
    }

    /** What stands for the id where texts of any length cannot. */
    public UUID claimId() {
        return Sha.shortened(id.getBytes(UTF_8));
    }

    /** What stands for the request as such: two with one id are the same if they have this in common. */
    public UUID contentId() {
        return Sha.shortened(endpoint.getBytes(UTF_8), new byte[1], value);
    }

    /** How often it was put on the retry topic. */
    public int round() {
        return isRetried() ? header(ROUND).map(JobRequest::number).orElse(0L).intValue() : 0;
    }

    /** When it may be asked; at once where nothing is said. */
    public Optional<Instant> notBefore() {
        return isRetried() ? header(NOT_BEFORE).map(JobRequest::number).map(Instant::ofEpochMilli) : Optional.empty();
    }

    /** When it was put on the retry topic for the first time; empty if it never was. */
    public Optional<Instant> since() {
        return isRetried() ? header(SINCE).map(JobRequest::number).map(Instant::ofEpochMilli) : Optional.empty();
    }

    /**
     * Until when an answer is wanted: header {@code deadline}, an ISO-8601 time with an offset, or seconds or milliseconds
     * since 1970.
     *
     * @throws DateTimeException if it is something else
     */
    public Optional<Instant> deadline() {
        return header("deadline").map(JobRequest::time);
    }

    /**
     * Header {@code priority}: {@code high}, {@code normal} or {@code low}.
     *
     * @param byDefault what holds without one, or with another word
     */
    public Priority priority(Priority byDefault) {
        return switch (header("priority").orElse("").toLowerCase(Locale.ROOT)) {
            case "high" -> Priority.HIGH;
            case "normal" -> Priority.NORMAL;
            case "low" -> Priority.LOW;
            default -> byDefault;
        };
    }

    /** Where the response is wanted: header {@code reply-to}, or Spring's {@code kafka_replyTopic}. */
    public Optional<ReplyTo> replyTo() {
        return header("reply-to")
                .or(() -> header("kafka_replyTopic"))
                .filter(topic -> !topic.isEmpty())
                .map(topic -> new ReplyTo(topic, replyPartition()));
    }

    private @Nullable Integer replyPartition() {
        var bytes = headers.get("kafka_replyPartition");
        return bytes == null || bytes.length != Integer.BYTES
                ? null
                : ByteBuffer.wrap(bytes).getInt();
    }

    private boolean isRetried() {
        return place.topic().equals(RETRY_TOPIC);
    }

    /** Only this broker writes them: what is no number there is none of them. */
    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static Instant time(String text) {
        if (!text.isEmpty() && text.length() <= 15 && text.chars().allMatch(Character::isDigit)) {
            var number = Long.parseLong(text);
            return number < MILLIS_FROM ? Instant.ofEpochSecond(number) : Instant.ofEpochMilli(number);
        }
        return OffsetDateTime.parse(text).toInstant();
    }

    /** Without key, value and headers: they may be private. */
    @Override
    public String toString() {
        return "JobRequest[" + id + ", " + endpoint + ", from " + topic + "]";
    }
}
