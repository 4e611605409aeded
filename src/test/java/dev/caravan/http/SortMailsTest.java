package dev.caravan.http;

import static dev.caravan.http.Errors.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.testing.EditedFiles;
import dev.caravan.testing.RunningBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The example {@code examples/sort-mails.camel.yaml}, with a council whose members do not always agree. */
class SortMailsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> MEMBERS = List.of("sim-oracle-50-1", "sim-oracle-50-2", "sim-oracle-50-3");
    private static final List<String> TOPICS = List.of("support.mails", "support.urgent", "support.routine");

    private final RunningBroker broker = RunningBroker.shared();
    private final Map<String, Object> kafka = Map.of("bootstrap.servers", broker.kafka());
    private final EditedFiles files = new EditedFiles();

    @AfterEach
    void putBack() {
        files.close();
    }

    @Test
    @DisplayName("F8 Example: mails from a topic are sorted into two by what most of a council says")
    void sorts() throws Exception {
        council();
        var mails = IntStream.range(0, 12).mapToObj(i -> "Mail " + i).toList();
        var votes = mails.stream().collect(Collectors.toMap(Function.identity(), this::votes));
        assertThat(votes.values()).as("they differ, both ways").contains(1L, 2L);
        createTopics();
        send(mails);

        install();

        var sorted = received(mails.size());
        votes.forEach((mail, urgent) -> assertThat(sorted.get(mail))
                .as(mail + ", which " + urgent + " of 3 find urgent")
                .isEqualTo(urgent > 1 ? "support.urgent" : "support.routine"));
    }

    private void council() {
        var models = MEMBERS.stream().map(each -> "simulator:" + each).collect(Collectors.joining(", ", "[", "]"));
        var file = "config/models.yaml";
        files.write(file, files.text(file) + """
                  - name: readers
                    council:
                      models: %s
                """.formatted(models));
        files.awaitInForce(file);
    }

    /** How many members find it urgent, each asked alone. */
    private long votes(String mail) {
        var system = example()
                .lines()
                .filter(line -> line.strip().startsWith("system: "))
                .map(line -> line.strip().substring("system: ".length()).replace("\"", ""))
                .findFirst()
                .orElseThrow();
        var messages = JSON.valueToTree(
                List.of(Map.of("role", "system", "content", system), Map.of("role", "user", "content", mail)));
        return MEMBERS.stream()
                .map(member -> broker.post(
                        "/v1/chat/completions",
                        "{\"model\":\"simulator:" + member + "\",\"messages\":" + messages + "}"))
                .filter(answer -> json(answer.body())
                        .at("/choices/0/message/content")
                        .asText()
                        .equals("yes"))
                .count();
    }

    private void createTopics() throws Exception {
        try (var admin = Admin.create(kafka)) {
            admin.createTopics(TOPICS.stream()
                            .map(name -> new NewTopic(name, 1, (short) 1))
                            .toList())
                    .all()
                    .get();
        }
    }

    private void send(List<String> mails) throws Exception {
        try (var producer = new KafkaProducer<>(kafka, new StringSerializer(), new StringSerializer())) {
            for (var mail : mails) {
                producer.send(new ProducerRecord<>("support.mails", mail)).get();
            }
        }
    }

    private void install() {
        var custom = "routes/custom/sort-mails.camel.yaml";
        files.write(custom, example().replace("{{examples.council}}", "readers"));
        files.awaitInForce(custom);
    }

    private static String example() {
        try {
            return Files.readString(Path.of("examples/sort-mails.camel.yaml"));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Each mail with the topic that it went to. */
    private Map<String, String> received(int count) {
        var settings = Stream.of(kafka, Map.of("group.id", "sorted-mails", "auto.offset.reset", "earliest"))
                .flatMap(each -> each.entrySet().stream())
                .collect(
                        Collectors.<Map.Entry<String, ?>, String, Object>toMap(Map.Entry::getKey, Map.Entry::getValue));
        var sorted = new HashMap<String, String>();
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(TOPICS.subList(1, 3));
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(mail -> assertThat(sorted.put(mail.value(), mail.topic()))
                                .as("twice")
                                .isNull());
                return sorted.size() == count;
            });
        }
        return sorted;
    }
}
