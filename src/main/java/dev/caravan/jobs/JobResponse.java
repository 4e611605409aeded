package dev.caravan.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.caravan.chat.Trace;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The record that answers a request: its key, its headers (CloudEvents 1.0, Kafka protocol binding, binary mode, and the
 * request's correlation headers) and its value. Immutable as long as nobody writes into its arrays.
 *
 * @param id the request's id, also in header {@code ce_id}
 * @param key the request record's key, raw; null if it had none
 * @param headers in the order they are sent
 * @param value {@code {"id","status","response","error","attempts"}} as JSON
 */
public record JobResponse(String id, byte @Nullable [] key, Map<String, byte[]> headers, byte[] value) {

    private static final List<String> ECHOED = List.of("correlation-id", "kafka_correlationId");

    private enum Status {
        OK,
        ERROR
    }

    public JobResponse {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /**
     * An answer.
     *
     * @param response the JSON object that the endpoint answers over HTTP; taken as it is
     * @param attempts how often the request was tried, at least 1
     */
    public static JobResponse ok(JobRequest request, byte[] response, int attempts, Instant now) {
        return of(request, Status.OK, response, attempts, now);
    }

    /**
     * An error.
     *
     * @param error OpenAI's error object as JSON, which over HTTP stands under {@code error}; taken as it is
     * @param attempts how often the request was tried
     */
    public static JobResponse error(JobRequest request, byte[] error, int attempts, Instant now) {
        return of(request, Status.ERROR, error, attempts, now);
    }

    /** The same with one more header. */
    public JobResponse with(String name, String text) {
        var more = new LinkedHashMap<>(headers);
        more.put(name, utf8(text));
        return new JobResponse(id, key, more, value);
    }

    /** Without key, value and headers: they may be private. */
    @Override
    public String toString() {
        return "JobResponse[" + id + ", " + value.length + " bytes]";
    }

    private static JobResponse of(JobRequest request, Status status, byte[] json, int attempts, Instant now) {
        return new JobResponse(
                request.id(), request.key(), headers(request, now), value(request.id(), status, json, attempts));
    }

    private static Map<String, byte[]> headers(JobRequest request, Instant now) {
        var headers = new LinkedHashMap<String, byte[]>();
        headers.put("ce_specversion", utf8("1.0"));
        headers.put("ce_id", utf8(request.id()));
        headers.put("ce_type", utf8("dev.caravan.response"));
        headers.put("ce_source", utf8("/caravan/jobs"));
        headers.put("ce_time", utf8(now.toString()));
        headers.put("content-type", utf8("application/json"));
        for (var name : ECHOED) {
            var sent = request.headers().get(name);
            if (sent != null) {
                headers.put(name, sent);
            }
        }
        request.header(Trace.HEADER).ifPresent(trace -> headers.put(Trace.HEADER, utf8(continued(trace))));
        return headers;
    }

    /** The same trace, in which answering is a span of its own; what is no trace goes back as it came. */
    private static String continued(String traceparent) {
        var trace = Trace.of(traceparent);
        return trace == null ? traceparent : trace.next();
    }

    private static byte[] value(String id, Status status, byte[] json, int attempts) {
        var none = utf8("null");
        var out = new ByteArrayOutputStream(json.length + id.length() + 96);
        out.writeBytes(utf8("{\"id\":\""));
        out.writeBytes(JsonStringEncoder.getInstance().quoteAsUTF8(id));
        out.writeBytes(utf8(
                status == Status.OK ? "\",\"status\":\"ok\",\"response\":" : "\",\"status\":\"error\",\"response\":"));
        out.writeBytes(status == Status.OK ? json : none);
        out.writeBytes(utf8(",\"error\":"));
        out.writeBytes(status == Status.OK ? none : json);
        out.writeBytes(utf8(",\"attempts\":" + attempts + "}"));
        return out.toByteArray();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }
}
