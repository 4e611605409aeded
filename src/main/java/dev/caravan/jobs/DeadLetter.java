package dev.caravan.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A request that could not be answered, as its record on {@code caravan.requests.dead} tells: key, value and headers as
 * they were, and the reasons in headers that begin with {@code dlq.}.
 *
 * @param id the request's id
 * @param topic the topic of requests it came by
 * @param reason {@code invalid} or {@code exhausted}
 * @param errorCode code of the error that the caller got
 * @param errorMessage its message
 * @param attempts how often it was tried
 * @param diedAt when it was given up
 * @param place where the dead letter stands
 */
public record DeadLetter(
        String id,
        String topic,
        String reason,
        String errorCode,
        String errorMessage,
        int attempts,
        Instant diedAt,
        JobRequest.Place place) {

    /** Where they are. */
    public static final String TOPIC = "caravan.requests.dead";

    private static final String REASON = "dlq.reason";
    private static final String CODE = "dlq.error-code";
    private static final String MESSAGE = "dlq.error-message";
    private static final String ATTEMPTS = "dlq.attempts";
    private static final String TIME = "dlq.time";
    private static final String ORIGIN = "dlq.topic";
    private static final List<String> OF_THE_RETRY_TOPIC =
            List.of(JobRequest.ROUND, JobRequest.NOT_BEFORE, JobRequest.ORIGIN, JobRequest.SINCE);

    /** The headers of the dead letter of a job. */
    public static Map<String, byte[]> headers(Job job, Instant now) {
        var request = job.request();
        var death = job.answer().death();
        if (death == null) {
            throw new IllegalStateException("an answered job is no dead letter");
        }
        var headers = new LinkedHashMap<>(request.headers());
        OF_THE_RETRY_TOPIC.forEach(headers::remove);
        headers.put(JobRequest.ID, utf8(request.id()));
        headers.put(ORIGIN, utf8(request.topic()));
        headers.put(REASON, utf8(death.reason()));
        headers.put(CODE, utf8(death.code()));
        headers.put(MESSAGE, utf8(death.message()));
        headers.put(ATTEMPTS, utf8(String.valueOf(death.attempts())));
        headers.put(TIME, utf8(now.toString()));
        return headers;
    }

    /** Reads one; null if the record is none, which somebody else has put there. */
    static @Nullable DeadLetter of(ConsumerRecord<byte[], byte[]> record) {
        var headers = new HashMap<String, String>();
        record.headers().forEach(header -> {
            if (header.value() != null) {
                headers.put(header.key(), new String(header.value(), UTF_8));
            }
        });
        var id = headers.get(JobRequest.ID);
        var topic = headers.get(ORIGIN);
        if (id == null || topic == null) {
            return null;
        }
        return new DeadLetter(
                id,
                topic,
                headers.getOrDefault(REASON, ""),
                headers.getOrDefault(CODE, ""),
                headers.getOrDefault(MESSAGE, ""),
                number(headers.get(ATTEMPTS)),
                time(headers.get(TIME), record.timestamp()),
                new JobRequest.Place(record.topic(), record.partition(), record.offset()));
    }

    /** The request as it was, under its id, for the topic it came by. */
    static ProducerRecord<byte[], byte[]> replay(ConsumerRecord<byte[], byte[]> dead, DeadLetter letter) {
        var record = new ProducerRecord<>(letter.topic(), dead.key(), dead.value());
        dead.headers().forEach(header -> {
            if (!header.key().startsWith("dlq.")) {
                record.headers().add(header);
            }
        });
        return record;
    }

    private static int number(@Nullable String text) {
        return text != null && text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
    }

    private static Instant time(@Nullable String text, long timestamp) {
        try {
            return text == null ? Instant.ofEpochMilli(timestamp) : Instant.parse(text);
        } catch (DateTimeParseException e) {
            return Instant.ofEpochMilli(timestamp);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }
}
