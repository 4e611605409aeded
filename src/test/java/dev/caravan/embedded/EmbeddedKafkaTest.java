package dev.caravan.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Exit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaTest {

    private static final int LARGE = 12 * 1024 * 1024 - 1024;

    @TempDir
    private Path data;

    @Test
    @DisplayName("F7 the embedded Kafka keeps what it was given, large records too, over a restart")
    void keepsDataOverRestart() throws Exception {
        try (var kafka = start(0)) {
            createTopic(kafka, "kept");
            send(kafka, "kept", new byte[LARGE]);
        }
        try (var kafka = start(0)) {
            send(kafka, "kept", new byte[] {1});
            assertThat(valueSizes(kafka, "kept", 2)).containsExactly(LARGE, 1);
        }
    }

    @Test
    @DisplayName("F7 a port in use is told in one sentence")
    void tellsTakenPort() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            assertThatThrownBy(() -> start(taken.getLocalPort()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("Port " + taken.getLocalPort() + " on 127.0.0.1")
                    .hasMessageContaining("CARAVAN_KAFKA_PORT");
        }
        assertThat(data).isEmptyDirectory();
    }

    @Test
    @DisplayName("F7 a fatal fault of the embedded Kafka is told and does not end the program")
    void survivesFatalFault() {
        var faults = new CopyOnWriteArrayList<String>();
        try (var kafka = EmbeddedKafka.start(data, 0, faults::add)) {
            Exit.halt(1, "the disk is full");
            assertThat(faults).singleElement().asString().contains("halt").contains("the disk is full");
            assertThat(kafka.bootstrapServers()).startsWith("127.0.0.1:");
        }
    }

    private EmbeddedKafka start(int port) {
        return EmbeddedKafka.start(data, port, fault -> {});
    }

    private static void createTopic(EmbeddedKafka kafka, String name) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            var topic = new NewTopic(name, 1, (short) -1)
                    .configs(Map.of("max.message.bytes", String.valueOf(12 * 1024 * 1024)));
            admin.createTopics(List.of(topic)).all().get();
        }
    }

    private static void send(EmbeddedKafka kafka, String topic, byte[] value) throws Exception {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "max.request.size", 12 * 1024 * 1024);
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, value)).get();
        }
    }

    private static List<Integer> valueSizes(EmbeddedKafka kafka, String topic, int count) {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "auto.offset.reset", "earliest");
        var sizes = new ArrayList<Integer>();
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(new TopicPartition(topic, 0)));
            var deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (sizes.size() < count && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> sizes.add(record.serializedValueSize()));
            }
        }
        return sizes;
    }
}
