package dev.caravan.camel;

import dev.caravan.jobs.DeadLetter;
import dev.caravan.jobs.JobRequest;
import dev.caravan.jobs.JobRequest.Place;
import dev.caravan.jobs.ReplyTopics;
import dev.caravan.jobs.RetryRecord;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Between Camel's Kafka messages and the records of jobs; {@code routes/jobs.camel.yaml} calls it by the name
 * {@code jobRecords}. Thread-safe.
 */
public final class JobRecords {

    /**
     * Begins the names of headers that are sent as they are, without it. Camel acts on some names by itself, and leaves
     * others out; a request that is passed on may have any.
     */
    static final String AS_IT_IS = "as-it-is:";

    private final Function<String, Uuid> topicIds;
    private final ReplyTopics replyTopics;
    private final Clock clock;

    /**
     * Reads and writes records.
     *
     * @param topicIds gives the id of a topic by its name; a failure is tried again by the route
     */
    public JobRecords(Function<String, Uuid> topicIds, ReplyTopics replyTopics, Clock clock) {
        this.topicIds = topicIds;
        this.replyTopics = replyTopics;
        this.clock = clock;
    }

    /** The request that a message of camel-kafka holds; its deserializers must be those for byte arrays. */
    public JobRequest read(
            @Header(KafkaConstants.TOPIC) String topic,
            @Header(KafkaConstants.PARTITION) int partition,
            @Header(KafkaConstants.OFFSET) long offset,
            @Header(KafkaConstants.KEY) byte @Nullable [] key,
            @Header(KafkaConstants.HEADERS) Headers sent,
            @Body byte @Nullable [] value) {
        // The record's own headers: Camel leaves out those that look like its own, and knows no order.
        var headers = new HashMap<String, byte[]>();
        for (var header : sent) {
            if (header.value() == null) {
                headers.remove(header.key());
            } else {
                headers.put(header.key(), header.value());
            }
        }
        return JobRequest.of(key, value, headers, new Place(topic, partition, offset), topicIds);
    }

    /** The message becomes the response record of the job, to the topic where it is wanted. */
    public void response(Exchange exchange) {
        var answer = JobSteps.job(exchange).answer();
        var message = exchange.getMessage();
        fill(
                message,
                answer.response().key(),
                answer.response().headers(),
                answer.response().value());
        var replyTo = answer.replyTo();
        if (replyTo != null && replyTopics.exists(replyTo)) {
            message.setHeader(KafkaConstants.OVERRIDE_TOPIC, replyTo.topic());
            if (replyTo.partition() != null) {
                message.setHeader(KafkaConstants.PARTITION_KEY, replyTo.partition());
            }
        }
    }

    /** The message becomes the job's usage event. */
    public void usage(Exchange exchange) {
        var message = exchange.getMessage();
        message.removeHeaders("*");
        message.setBody(JobSteps.job(exchange).answer().usage());
    }

    /** The message becomes the record by which the job is read again later. */
    public void later(Exchange exchange) {
        var job = JobSteps.job(exchange);
        fill(
                exchange.getMessage(),
                job.request().key(),
                RetryRecord.headers(job),
                job.request().record());
    }

    /** The message becomes the job's dead letter. */
    public void dead(Exchange exchange) {
        var job = JobSteps.job(exchange);
        fill(
                exchange.getMessage(),
                job.request().key(),
                DeadLetter.headers(job, clock.instant()),
                job.request().record());
    }

    private static void fill(
            Message message, byte @Nullable [] key, Map<String, byte[]> headers, byte @Nullable [] value) {
        message.removeHeaders("*");
        headers.forEach((name, bytes) -> message.setHeader(AS_IT_IS + name, bytes));
        if (key != null) {
            message.setHeader(KafkaConstants.KEY, key);
        }
        message.setBody(value);
    }
}
