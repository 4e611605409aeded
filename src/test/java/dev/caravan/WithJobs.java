package dev.caravan;

import static dev.caravan.testing.JobTopics.header;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.testing.JobTopics;
import dev.caravan.testing.Providers;
import dev.caravan.testing.RunningBroker;
import dev.caravan.testing.ScriptedUpstream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A test that sends jobs to the shared broker, and sees the responses to its own. */
abstract class WithJobs {

    static final Duration PATIENCE = Duration.ofSeconds(30);
    static final ObjectMapper JSON = new ObjectMapper();

    /** With this the ids of all jobs of a test begin. */
    final String id = "job-" + UUID.randomUUID();

    JobTopics jobs;

    @BeforeEach
    void open() {
        jobs = new JobTopics(RunningBroker.shared().kafka());
    }

    @AfterEach
    void close() {
        jobs.close();
    }

    List<ConsumerRecord<byte[], byte[]>> responses(int count) {
        return jobs.receive(count, each -> header(each, "ce_id").startsWith(id), PATIENCE);
    }

    /** The name of a model of a new provider without repeats of its own. */
    static String provider(ScriptedUpstream upstream) {
        return Providers.create(upstream.url(), "\"retry\":{\"max_retries\":0},\"timeout\":20") + ":m";
    }

    static JsonNode value(ConsumerRecord<byte[], byte[]> record) {
        try {
            return JSON.readTree(record.value());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
