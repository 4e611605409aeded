package bench.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends jobs as fast as Kafka takes them, and reads until each is answered well. */
record Sender(String bootstrapServers) {

    /** How many seconds it took from the first request to the last response. */
    double send(String model, int jobs, int partitions) {
        Map<String, Object> kafka = Map.of("bootstrap.servers", bootstrapServers);
        try (var consumer = new KafkaConsumer<>(kafka, new ByteArrayDeserializer(), new ByteArrayDeserializer());
                var producer = new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer())) {
            var all = consumer.partitionsFor("caravan.responses").stream()
                    .map(each -> new TopicPartition(each.topic(), each.partition()))
                    .toList();
            consumer.assign(all);
            consumer.seekToEnd(all);
            all.forEach(consumer::position);
            var body = "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
                    .formatted(model, "x".repeat(200))
                    .getBytes(UTF_8);
            var prefix = "bench-" + System.nanoTime() + "-";
            var begin = System.nanoTime();
            for (var i = 0; i < jobs; i++) {
                var record = new ProducerRecord<byte[], byte[]>("caravan.requests", i % partitions, null, body);
                record.headers().add("ce_id", (prefix + i).getBytes(UTF_8));
                producer.send(record);
            }
            producer.flush();
            var answered = new HashSet<String>();
            while (answered.size() < jobs) {
                for (var response : consumer.poll(Duration.ofMillis(100))) {
                    if (!new String(response.value(), UTF_8).contains("\"status\":\"ok\"")) {
                        throw new IllegalStateException("an error: " + new String(response.value(), UTF_8));
                    }
                    answered.add(new String(response.headers().lastHeader("ce_id").value(), UTF_8));
                }
            }
            return (System.nanoTime() - begin) / 1e9;
        }
    }
}
