package dev.caravan.usage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.caravan.chat.Usage;
import dev.caravan.usage.Parsed.Invalid;
import dev.caravan.usage.Parsed.Valid;
import dev.caravan.usage.UsageEvent.Cache;
import dev.caravan.usage.UsageEvent.Door;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class UsageEventTest {

    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00.123456789Z");

    private final JsonSchema schema = schema();

    @Test
    @DisplayName("F5 a usage event is as its JSON Schema says, with all its fields and with none that may be missing")
    void matchesItsSchema() throws IOException {
        for (var event : List.of(councilOfTwo(), turnedAway())) {
            assertThat(schema.validate(
                            json(event), context -> context.getExecutionConfig().setFormatAssertionsEnabled(true)))
                    .isEmpty();
        }
        assertThat(schema.validate(new ObjectMapper().readTree("{\"id\":1}"))).isNotEmpty();
    }

    @Test
    @DisplayName("F5 totals are the sums over the calls; the time is ISO-8601, the cost a plain number")
    void sumsItsCalls() throws IOException {
        var json = json(councilOfTwo());

        assertThat(json.get("timestamp").asText()).isEqualTo("2026-01-31T12:00:00.123456Z");
        assertThat(json.get("door").asText()).isEqualTo("kafka");
        assertThat(json.get("prompt_tokens").asLong()).isEqualTo(200);
        assertThat(json.get("completion_tokens").asLong()).isEqualTo(40);
        assertThat(json.get("cached_tokens").asLong()).isEqualTo(20);
        assertThat(json.get("reasoning_tokens").asLong()).isEqualTo(10);
        assertThat(json.get("total_tokens").asLong()).isEqualTo(240);
        assertThat(new String(councilOfTwo().toJson(), StandardCharsets.UTF_8))
                .contains("\"cost\":0.0000003,\"cache\":\"bypass\"");
    }

    @Test
    @DisplayName("F5 a usage event is read back as it was written")
    void isReadBack() {
        for (var event : List.of(councilOfTwo(), turnedAway())) {
            assertThat(UsageEvent.parse(event.toJson())).isEqualTo(new Valid<>(event));
        }
    }

    @Test
    @DisplayName("F5 a field of a later version is passed over")
    void passesOverUnknownFields() {
        var text = new String(turnedAway().toJson(), StandardCharsets.UTF_8).replaceFirst("\\{", "{\"later\":[1],");

        assertThat(UsageEvent.parse(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(new Valid<>(turnedAway()));
    }

    @Test
    @DisplayName("F5 what is no usage event is told as such")
    void tellsWhatIsNone() {
        for (var text : List.of("", "null", "[]", "{}", "{\"id\":\"x\"}", "nonsense")) {
            assertThat(UsageEvent.parse(text.getBytes(StandardCharsets.UTF_8)))
                    .as(text)
                    .isInstanceOf(Invalid.class);
        }
    }

    @Test
    @DisplayName("F5 nothing that a caller or a provider says makes an event that cannot be sent or stored")
    void holdsNothingThatCannotBeStored() throws IOException {
        var call = new UsageCall(
                "p".repeat(300),
                "\uD800\u0000",
                200,
                null,
                new Usage(-5, Long.MAX_VALUE),
                new BigDecimal("0.12345678901251"),
                Double.NaN,
                false,
                false);
        var emoji = "x".repeat(199) + "\uD83D\uDE00";
        var event = UsageEvents.of(NOON, emoji, "p", "k\n", 200, null, List.of(call));

        assertThat(schema.validate(json(event))).isEmpty();
        assertThat(event.model()).isEqualTo("x".repeat(199));
        assertThat(event.key()).isEqualTo("k\uFFFD");
        assertThat(call.model()).isEqualTo("\uFFFD\uFFFD");
        assertThat(call.usage()).isEqualTo(new Usage(0, 1_000_000_000_000L));
        assertThat(call.cost()).isEqualByComparingTo("0.123456789013");
        assertThat(call.latencyMs()).isZero();
    }

    private static UsageEvent councilOfTwo() {
        return new UsageEvent(
                UUID.fromString("0b5ae1de-9d14-4f2e-a9f2-6c1a6b6f0a11"),
                "req-1",
                "chatcmpl-1",
                NOON,
                Door.KAFKA,
                "/v1/chat/completions",
                "team-a",
                "council",
                "one",
                true,
                200,
                null,
                1234.5678,
                12.5,
                Cache.BYPASS,
                List.of(UsageEvents.call("one", "m1", 200, "0.0000001"), UsageEvents.call("two", "m2", 502, "2E-7")));
    }

    private static UsageEvent turnedAway() {
        return new UsageEvent(
                UUID.fromString("0b5ae1de-9d14-4f2e-a9f2-6c1a6b6f0a12"),
                "req-2",
                null,
                NOON,
                Door.HTTP,
                "/v1/chat/completions",
                "team-a",
                null,
                null,
                false,
                400,
                "invalid_request",
                0.4,
                null,
                Cache.MISS,
                List.of());
    }

    private static JsonNode json(UsageEvent event) throws IOException {
        return new ObjectMapper().readTree(event.toJson());
    }

    private static JsonSchema schema() {
        try {
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(Files.readString(Path.of("kafka/schemas/usage-event.schema.json")));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
