package dev.caravan.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.access.Identity;
import dev.caravan.chat.ErrorCode;
import dev.caravan.chat.Usage;
import dev.caravan.plan.Ask;
import dev.caravan.plan.Asks;
import dev.caravan.plan.CallRecord;
import dev.caravan.plan.Planner;
import dev.caravan.provider.openai.ChatRequestReader;
import dev.caravan.route.Latencies;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class MetersTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Meters meters = new Meters(registry);

    @Test
    @DisplayName("F5 Names that callers make up add no series")
    void boundedLabels() {
        var accounts = new Accounts(UsageEvents.outbox(), meters, new ProviderHealth(), new Latencies());
        for (var i = 0; i < 1000; i++) {
            accounts.close(unknownModel("made-up-" + i));
        }

        assertThat(models()).containsExactly("");
    }

    @Test
    @DisplayName("F5 Names that a provider answers to are series, up to a bound; names it does not know are none")
    void boundedModels() {
        for (var i = 0; i < 1000; i++) {
            meters.call(
                    "/v1/chat/completions",
                    new CallRecord(
                            "a",
                            "x" + i,
                            404,
                            ErrorCode.MODEL_NOT_FOUND,
                            Usage.NONE,
                            Duration.ofMillis(1),
                            false,
                            false),
                    BigDecimal.ZERO);
        }
        assertThat(models()).containsExactly("");

        for (var i = 0; i < 1000; i++) {
            meters.call(
                    "/v1/chat/completions",
                    new CallRecord("a", "m" + i, 200, null, Usage.NONE, Duration.ofMillis(1), false, false),
                    BigDecimal.ZERO);
        }
        assertThat(models()).contains("m1").hasSize(501);
    }

    @Test
    @DisplayName("F5 A call adds to its duration, to the tokens that went in and came out, and to the cost")
    void calls() {
        meters.call(
                "/v1/chat/completions",
                new CallRecord("a", "m", 200, null, new Usage(7, 3), Duration.ofMillis(20), false, false),
                new BigDecimal("0.25"));
        meters.call(
                "/v1/chat/completions",
                new CallRecord("a", "m", 504, ErrorCode.TIMEOUT, Usage.NONE, Duration.ofMillis(40), false, false),
                new BigDecimal("0.5"));

        var durations = registry.get("gen_ai.client.operation.duration").tag("gen_ai.provider.name", "a");
        assertThat(durations.tag("error.type", "").timer().totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(20);
        assertThat(registry.get("gen_ai.client.operation.duration")
                        .tag("error.type", "timeout")
                        .timer()
                        .count())
                .isEqualTo(1);
        var tokens = registry.get("gen_ai.client.token.usage");
        assertThat(tokens.tag("gen_ai.token.type", "input").summary().totalAmount())
                .isEqualTo(7);
        assertThat(registry.get("gen_ai.client.token.usage")
                        .tag("gen_ai.token.type", "output")
                        .summary()
                        .totalAmount())
                .isEqualTo(3);
        assertThat(registry.get("caravan.cost")
                        .tag("gen_ai.provider.name", "a")
                        .tag("gen_ai.request.model", "m")
                        .counter()
                        .count())
                .isEqualTo(0.75);
    }

    private Set<String> models() {
        return registry.getMeters().stream()
                .map(meter -> meter.getId().getTag("gen_ai.request.model"))
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }

    private static Ask unknownModel(String model) {
        var body = "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
        var request =
                ((ChatRequestReader.Valid) ChatRequestReader.read(body.getBytes(StandardCharsets.UTF_8))).request();
        var ask = Ask.admitted(Asks.arrival(), Asks.catalog(), Identity.KAFKA, request, Duration.ofMinutes(1));
        return new Planner(Asks.coolDowns(), _ -> false).plan(ask);
    }
}
