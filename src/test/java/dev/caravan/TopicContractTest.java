package dev.caravan;

import static dev.caravan.testing.JobTopics.header;
import static dev.caravan.testing.JobTopics.job;
import static dev.caravan.testing.JobTopics.utf8;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.caravan.testing.JobTopics;
import dev.caravan.testing.Providers;
import dev.caravan.testing.RunningBroker;
import dev.caravan.testing.ScriptedUpstream;
import dev.caravan.testing.UsageTopic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What {@code kafka/asyncapi.yaml} and the schemas beside it promise, and what is on the topics. */
class TopicContractTest {

    private static final Path KAFKA = Path.of("kafka");
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Set<String> BINARY = Set.of("kafka_replyPartition");

    private final RunningBroker broker = RunningBroker.shared();
    private final String prefix = "contract-" + UUID.randomUUID();
    private final Map<String, JsonSchema> schemas = new HashMap<>();

    @Test
    @DisplayName(
            "F4 F5 The AsyncAPI document has the topics that are made, with their sizes, and refers to what is there")
    void document() throws IOException {
        var document = YAML.readTree(KAFKA.resolve("asyncapi.yaml").toFile());

        assertThat(document.path("asyncapi").asText()).isEqualTo("3.0.0");
        var told = new HashMap<String, String>();
        document.path("channels").forEach(channel -> {
            var kafka = channel.at("/bindings/kafka");
            told.put(
                    channel.path("address").asText(),
                    kafka.path("partitions").asInt() + " "
                            + kafka.at("/topicConfiguration/max.message.bytes").asLong() + " "
                            + kafka.at("/topicConfiguration/retention.ms").asLong());
        });
        var made = new HashMap<String, String>();
        YAML.readTree(KAFKA.resolve("topics.yaml").toFile())
                .forEach(topic -> made.put(
                        topic.path("name").asText(),
                        topic.path("partitions").asInt() + " "
                                + topic.at("/config/max.message.bytes").asLong() + " "
                                + topic.at("/config/retention.ms").asLong()));
        assertThat(told).isEqualTo(made).hasSize(5);
        for (var ref : document.findValuesAsText("$ref")) {
            if (ref.startsWith("#")) {
                assertThat(document.at(ref.substring(1)).isObject()).as(ref).isTrue();
            } else {
                assertThat(KAFKA.resolve(ref)).exists();
            }
        }
        try (var files = Files.list(KAFKA.resolve("schemas"))) {
            assertThat(files.map(file -> "./schemas/" + file.getFileName()))
                    .isSubsetOf(document.findValuesAsText("$ref"));
        }
    }

    @Test
    @DisplayName("F1 F4 F5 Every record on the five topics is as its schemas say: key, value, headers")
    void records() throws IOException {
        var failures = new AtomicInteger();
        try (var jobs = new JobTopics(broker.kafka());
                var weak = ScriptedUpstream.start(call ->
                        call.json(failures.getAndIncrement() == 0 ? 503 : 200, Providers.completion("at last")));
                var broken = ScriptedUpstream.start(call -> call.json(503, "{}"))) {
            var noRepeats = "\"retry\":{\"max_retries\":0}";
            var late = id("late");
            var sent = new ArrayList<>(List.of(
                    traced(),
                    at("/v1/embeddings", "embedding", "{\"model\":\"sim-embed\",\"input\":\"Hello!\"}"),
                    at(
                            "/v1/cooperation/parallel",
                            "council",
                            "{\"query\":\"Hello!\",\"models\":[\"sim-echo\",\"sim-small\"]}"),
                    at("/v1/inference", "inference", "{\"prompt\":\"Hello!\",\"model_name\":\"sim-echo\"}"),
                    at("/v1/route", "route", "{\"query\":\"Hello!\"}"),
                    at(
                            "/v1/services/document_analysis",
                            "service",
                            "{\"content\":\"Hello!\",\"parameters\":{\"model\":\"sim-echo\"}}"),
                    structured(),
                    job(late, Providers.chat(Providers.create(weak.url(), noRepeats) + ":m")),
                    job(id("exhausted"), Providers.chat(Providers.create(broken.url(), noRepeats) + ":m"))));
            var invalid = List.of(
                    job(id("nonsense"), "no JSON"), job(id("unknown"), Providers.chat("nobody-has-this-model")));
            jobs.sendAll(sent);
            jobs.sendAll(invalid);
            jobs.receive(
                    sent.size() + invalid.size(),
                    response -> header(response, "ce_id").startsWith(prefix),
                    PATIENCE);
            var http = broker.post("/v1/chat/completions", Providers.chat("sim-echo"));
            UsageTopic.eventOf(http.headers().firstValue("x-request-id").orElseThrow());
        }
        var seen = new HashSet<String>();
        var document = YAML.readTree(KAFKA.resolve("asyncapi.yaml").toFile());
        document.path("channels").forEach(channel -> {
            var name = channel.at("/messages").fieldNames().next();
            var message = document.at("/components/messages/" + name);
            for (var record : all(channel.path("address").asText())) {
                check(message, name, record);
                seen.add(name);
            }
        });
        assertThat(seen).containsExactlyInAnyOrder("request", "response", "retry", "deadLetter", "usageEvent");
    }

    /** The requests of other tests are not checked, which send what is none; everything that the broker has written is. */
    private void check(JsonNode message, String name, ConsumerRecord<byte[], byte[]> record) {
        var headers = headers(record);
        var own = headers.path("ce_id").asText().startsWith(prefix);
        var request = name.equals("request") || name.equals("retry");
        if (name.equals("request") && !own) {
            return;
        }
        var where = name + " " + headers;
        assertThat(errors(message.at("/headers/schema"), headers)).as(where).isEmpty();
        assertThat(errors(message.at("/bindings/kafka/key"), text(record.key())))
                .as(where)
                .isEmpty();
        if (name.equals("usageEvent")) {
            assertThat(record.key()).isNull();
            assertThat(headers.isEmpty()).isTrue();
        }
        var payload = message.at("/payload/schema");
        if (request && !own) {
            return;
        }
        var found = payload.isMissingNode() ? List.of() : errors(payload, json(record.value()));
        var nonsense = headers.path("ce_id").asText().equals(id("nonsense"));
        assertThat(found).as(where).hasSize(nonsense && request ? Math.max(1, found.size()) : 0);
    }

    private List<String> errors(JsonNode ref, JsonNode value) {
        return ref.isMissingNode()
                ? List.of()
                : schema(ref.path("$ref").asText())
                        .validate(value, context -> context.getExecutionConfig().setFormatAssertionsEnabled(true))
                        .stream()
                        .map(String::valueOf)
                        .toList();
    }

    private JsonSchema schema(String ref) {
        return schemas.computeIfAbsent(ref, file -> {
            try {
                return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                        .getSchema(Files.readString(KAFKA.resolve(file)));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    private String id(String kind) {
        return prefix + "-" + kind;
    }

    private ProducerRecord<byte[], byte[]> traced() {
        var record = at("/v1/chat/completions", "chat", Providers.chat("sim-echo", "\"temperature\":0.5"));
        record.headers()
                .add("correlation-id", utf8("c-1"))
                .add("priority", utf8("high"))
                .add("deadline", utf8("2099-01-01T00:00:00Z"))
                .add("traceparent", utf8("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
        return record;
    }

    private ProducerRecord<byte[], byte[]> at(String endpoint, String kind, String body) {
        var record = job(id(kind), body);
        record.headers().add("caravan-endpoint", utf8(endpoint));
        return record;
    }

    private ProducerRecord<byte[], byte[]> structured() {
        var record = job(id("event"), """
                {"specversion":"1.0","id":"%s","type":"ask","source":"/shop","data":%s}""".formatted(id("event"), Providers.chat("sim-echo")));
        record.headers().add("content-type", utf8("application/cloudevents+json"));
        return record;
    }

    private List<ConsumerRecord<byte[], byte[]>> all(String topic) {
        var found = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        try (var reader = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", broker.kafka()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            var partitions = reader.partitionsFor(topic).stream()
                    .map(each -> new TopicPartition(each.topic(), each.partition()))
                    .toList();
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
            var ends = reader.endOffsets(partitions);
            while (partitions.stream().anyMatch(each -> reader.position(each) < requireNonNull(ends.get(each)))) {
                reader.poll(Duration.ofMillis(50)).forEach(found::add);
            }
        }
        return found;
    }

    private static ObjectNode headers(ConsumerRecord<byte[], byte[]> record) {
        var headers = JSON.createObjectNode();
        record.headers().forEach(each -> {
            if (!BINARY.contains(each.key())) {
                headers.set(each.key(), text(each.value()));
            }
        });
        return headers;
    }

    private static JsonNode text(byte[] bytes) {
        return bytes == null ? JSON.nullNode() : JSON.getNodeFactory().textNode(new String(bytes, UTF_8));
    }

    /** What is no JSON is a text, which no schema of a value allows. */
    private static JsonNode json(byte[] value) {
        try {
            return JSON.readTree(value);
        } catch (IOException e) {
            return text(value);
        }
    }
}
