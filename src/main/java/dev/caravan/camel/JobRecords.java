package dev.caravan.camel;

import dev.caravan.jobs.JobRequest;
import dev.caravan.jobs.JobRequest.Place;
import dev.caravan.jobs.JobResponse;
import java.util.HashMap;
import java.util.function.Function;
import org.apache.camel.Body;
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

    private final Function<String, Uuid> topicIds;

    /**
     * Reads and writes records.
     *
     * @param topicIds gives the id of a topic by its name; a failure is tried again by the route
     */
    public JobRecords(Function<String, Uuid> topicIds) {
        this.topicIds = topicIds;
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

    /** Makes the message what camel-kafka sends as this response, whatever it was before. */
    public void write(@Body JobResponse response, Message message) {
        message.removeHeaders("*");
        response.headers().forEach(message::setHeader);
        if (response.key() != null) {
            message.setHeader(KafkaConstants.KEY, response.key());
        }
        message.setBody(response.value());
    }
}
