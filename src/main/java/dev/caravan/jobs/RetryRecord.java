package dev.caravan.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** The record of a request on the retry topic: key and value as they were, and headers that say when it is tried again. */
public final class RetryRecord {

    private RetryRecord() {}

    /** The headers of the request as they were, and what makes it known again. */
    public static Map<String, byte[]> headers(Job job) {
        var request = job.request();
        var headers = new LinkedHashMap<>(request.headers());
        headers.put(JobRequest.ID, utf8(request.id()));
        headers.put(JobRequest.ORIGIN, utf8(request.topic()));
        headers.put(JobRequest.SINCE, millis(job.since()));
        headers.put(JobRequest.ROUND, utf8(String.valueOf(JobQueue.round(job))));
        var notBefore = job.notBefore();
        if (notBefore == null) {
            headers.remove(JobRequest.NOT_BEFORE);
        } else {
            headers.put(JobRequest.NOT_BEFORE, millis(notBefore));
        }
        return headers;
    }

    private static byte[] millis(Instant time) {
        return utf8(String.valueOf(time.toEpochMilli()));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }
}
