package bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Jobs to a running broker, whose simulator answers them: {@code BOOTSTRAP PID JOBS PARTITIONS DELAY_MS}. */
final class Jobs {

    private static final double TICKS = 100; // of /proc, by the second

    private Jobs() {}

    public static void main(String... args) throws Exception {
        var servers = args[0];
        var stat = Path.of("/proc", args[1], "stat");
        var jobs = Integer.parseInt(args[2]);
        var partitions = Integer.parseInt(args[3]);
        var delay = Integer.parseInt(args[4]);
        Map<String, Object> kafka = Map.of("bootstrap.servers", servers);
        try (var consumer = new KafkaConsumer<>(kafka, new ByteArrayDeserializer(), new ByteArrayDeserializer());
                var producer = new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer())) {
            var all = new ArrayList<TopicPartition>();
            consumer.partitionsFor("caravan.responses").forEach(each -> all.add(new TopicPartition(each.topic(), each.partition())));
            consumer.assign(all);
            consumer.seekToEnd(all);
            all.forEach(consumer::position);
            var body = ("{\"model\":\"sim-echo\",\"simulate\":{\"delay_ms\":%d},\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}")
                    .formatted(delay, "x".repeat(200)).getBytes(UTF_8);
            var prefix = "bench-" + System.nanoTime() + "-";
            var cpu = cpuSeconds(stat);
            var begin = System.nanoTime();
            for (var i = 0; i < jobs; i++) {
                var record = new ProducerRecord<byte[], byte[]>("caravan.requests", i % partitions, null, body);
                record.headers().add("ce_id", (prefix + i).getBytes(UTF_8));
                producer.send(record);
            }
            producer.flush();
            List<Double> arrived = new ArrayList<>();
            while (arrived.size() < jobs) {
                for (var ignored : consumer.poll(Duration.ofMillis(100))) {
                    arrived.add((System.nanoTime() - begin) / 1e9);
                }
            }
            var seconds = arrived.getLast();
            System.out.printf(
                    "| %,d | %d | %d | %.1f | %,.0f | %,.0f | %,.0f | %.0f |%n",
                    jobs,
                    partitions,
                    delay,
                    seconds,
                    jobs / seconds,
                    delay == 0 ? 0 : jobs / seconds * delay / 1000,
                    (cpuSeconds(stat) - cpu) * 1e6 / jobs,
                    residentMegabytes(Path.of("/proc", args[1], "status")));
        }
    }

    private static double cpuSeconds(Path stat) throws Exception {
        var text = Files.readString(stat);
        var fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS;
    }

    private static double residentMegabytes(Path status) throws Exception {
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElse(0);
    }
}
