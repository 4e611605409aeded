package dev.caravan.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.jobs.JobRequest.Place;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class JobRecordTest {

    private static final String SHA_OF_NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private static final Uuid TOPIC = new Uuid(7, 9);
    private static final Place PLACE = new Place("caravan.requests", 3, 42);
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @Test
    @DisplayName("F4 the id is the sender's ce_id, whatever else there is")
    void takesGivenId() {
        assertThat(request(utf8("k"), utf8("{}"), Map.of("ce_id", utf8("job-1")))
                        .id())
                .isEqualTo("job-1");
    }

    @Test
    @DisplayName("F4 without ce_id the id is the key and the hash of the value; a tombstone has one too")
    void makesIdFromKey() {
        assertThat(request(utf8("k"), utf8("abc"), Map.of()).id())
                .isEqualTo("k:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(request(utf8("k"), null, Map.of("ce_id", new byte[0])).id()).isEqualTo("k:" + SHA_OF_NOTHING);
    }

    @Test
    @DisplayName("F4 a key that is no text is written in base64url")
    void makesIdFromBinaryKey() {
        assertThat(request(new byte[] {(byte) 0xff, (byte) 0xfe}, new byte[0], Map.of())
                        .id())
                .isEqualTo("__4:" + SHA_OF_NOTHING);
    }

    @Test
    @DisplayName("F4 without a key, or with an empty one, the id is where the record stands")
    void makesIdFromPlace() {
        assertThat(request(null, utf8("{}"), Map.of()).id()).isEqualTo(TOPIC + ":3:42");
        assertThat(request(new byte[0], utf8("{}"), Map.of()).id()).isEqualTo(TOPIC + ":3:42");
    }

    @Test
    @DisplayName("F1 the endpoint is chat completions unless a header names another")
    void readsEndpoint() {
        assertThat(request(null, null, Map.of()).endpoint()).isEqualTo("/v1/chat/completions");
        assertThat(request(null, null, Map.of("caravan-endpoint", utf8("/v1/embeddings")))
                        .endpoint())
                .isEqualTo("/v1/embeddings");
    }

    @Test
    @DisplayName("F5 a response has the raw key, CloudEvents headers, and the correlation headers as they were")
    void answersWithKeyAndHeaders() {
        byte[] raw = {0, 1, (byte) 0x80};
        var sent = Map.of(
                "ce_id", utf8("job-1"),
                "correlation-id", utf8("c"),
                "kafka_correlationId", raw,
                "traceparent", utf8("00-a-b-01"),
                "secret", utf8("not echoed"));
        var response = JobResponse.ok(request(raw, utf8("{}"), sent), utf8("{\"a\":1.0}"), 1, NOW);

        assertThat(response.key()).isEqualTo(raw);
        assertThat(response.headers())
                .containsOnlyKeys(
                        "ce_specversion",
                        "ce_id",
                        "ce_type",
                        "ce_source",
                        "ce_time",
                        "content-type",
                        "correlation-id",
                        "kafka_correlationId",
                        "traceparent")
                .containsEntry("kafka_correlationId", raw)
                .containsEntry("ce_id", utf8("job-1"))
                .containsEntry("ce_specversion", utf8("1.0"))
                .containsEntry("ce_type", utf8("dev.caravan.response"))
                .containsEntry("ce_time", utf8("2026-01-02T03:04:05Z"));
    }

    @Test
    @DisplayName("F5 a response's value holds the answer byte for byte")
    void holdsAnswer() {
        var response =
                JobResponse.ok(request(null, null, Map.of("ce_id", utf8("a\"ü"))), utf8("{\"x\" : 1.50}"), 2, NOW);
        assertThat(new String(response.value(), UTF_8))
                .isEqualTo(
                        "{\"id\":\"a\\\"ü\",\"status\":\"ok\",\"response\":{\"x\" : 1.50},\"error\":null,\"attempts\":2}");
        assertThat(response.key()).isNull();
    }

    @Test
    @DisplayName("F5 an error's value holds OpenAI's error object")
    void holdsError() throws Exception {
        var response = JobResponse.error(
                request(null, null, Map.of("ce_id", utf8("i"))), utf8("{\"code\":\"timeout\"}"), 3, NOW);
        var json = new ObjectMapper().readTree(response.value());
        assertThat(json.fieldNames()).toIterable().containsExactly("id", "status", "response", "error", "attempts");
        assertThat(json.at("/status").asText()).isEqualTo("error");
        assertThat(json.at("/response").isNull()).isTrue();
        assertThat(json.at("/error/code").asText()).isEqualTo("timeout");
    }

    private static JobRequest request(byte @Nullable [] key, byte @Nullable [] value, Map<String, byte[]> headers) {
        return JobRequest.of(key, value, headers, PLACE, topic -> TOPIC);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }
}
