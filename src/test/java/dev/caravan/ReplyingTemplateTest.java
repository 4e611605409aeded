package dev.caravan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.testing.JobTopics;
import dev.caravan.testing.Providers;
import dev.caravan.testing.RunningBroker;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.KafkaMessageListenerContainer;
import org.springframework.kafka.requestreply.ReplyingKafkaTemplate;

/** Spring's own client for request and reply, as an application uses it. */
class ReplyingTemplateTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    @DisplayName("F4 Spring's ReplyingKafkaTemplate sends a request and gets its answer")
    void asks() throws Exception {
        var kafka = RunningBroker.shared().kafka();
        var topic = "caravan.replies.spring-" + UUID.randomUUID();
        try (var topics = new JobTopics(kafka)) {
            topics.create(topic);
        }
        var producers = new DefaultKafkaProducerFactory<String, String>(
                Map.of("bootstrap.servers", kafka), new StringSerializer(), new StringSerializer());
        var consumers = new DefaultKafkaConsumerFactory<>(
                Map.of("bootstrap.servers", kafka, ConsumerConfig.GROUP_ID_CONFIG, topic),
                new StringDeserializer(),
                new StringDeserializer());
        var replies = new KafkaMessageListenerContainer<>(consumers, new ContainerProperties(topic));
        var template = new ReplyingKafkaTemplate<String, String, String>(producers, replies);
        template.start();
        try {
            assertThat(template.waitForAssignment(PATIENCE)).isTrue();
            var reply = template.sendAndReceive(
                            new ProducerRecord<>("caravan.requests", "k-" + topic, Providers.chat("sim-echo")),
                            PATIENCE)
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

            assertThat(reply.topic()).isEqualTo(topic);
            assertThat(reply.key()).isEqualTo("k-" + topic);
            assertThat(new ObjectMapper()
                            .readTree(reply.value())
                            .at("/response/choices/0/message/content")
                            .asText())
                    .isEqualTo("Hi");
        } finally {
            template.stop();
            producers.destroy();
        }
    }
}
