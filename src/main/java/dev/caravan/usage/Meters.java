package dev.caravan.usage;

import dev.caravan.chat.Operation;
import dev.caravan.plan.CallRecord;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/**
 * Requests and calls as metrics, by the names of OpenTelemetry's semantic conventions for generative AI where those have
 * one. Thread-safe.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/">the names</a>
 */
public final class Meters {

    private static final Duration[] LATENCIES = LongStream.of(
                    10, 20, 40, 80, 160, 320, 640, 1280, 2560, 5120, 10_240, 20_480, 40_960, 81_920)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);
    private static final double[] TOKENS = {1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304
    };

    private static final int MAX_MODELS = 500;

    private record RequestKey(String operation, String model, int status) {}

    private record FirstTokenKey(String operation, String model) {}

    private record CallKey(String operation, String provider, String model, String error) {}

    private record CallMeters(Timer duration, DistributionSummary input, DistributionSummary output, Counter cost) {}

    private final MeterRegistry registry;
    private final Set<String> named = ConcurrentHashMap.newKeySet();
    private final Map<RequestKey, Timer> requests = new ConcurrentHashMap<>();
    private final Map<FirstTokenKey, Timer> firstTokens = new ConcurrentHashMap<>();
    private final Map<CallKey, CallMeters> calls = new ConcurrentHashMap<>();

    public Meters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Counts a request that has ended. */
    void request(UsageEvent event, Duration latency) {
        var model = named(event.model() == null ? "" : event.model(), event.errorCode() == null);
        var operation = operation(event.endpoint());
        requests.computeIfAbsent(new RequestKey(operation, model, event.statusCode()), this::requestTimer)
                .record(latency.toNanos(), TimeUnit.NANOSECONDS);
        var firstToken = event.firstTokenMs();
        if (firstToken != null) {
            firstTokens
                    .computeIfAbsent(new FirstTokenKey(operation, model), this::firstTokenTimer)
                    .record((long) (firstToken * 1e6), TimeUnit.NANOSECONDS);
        }
    }

    /**
     * Counts a call that has ended.
     *
     * @param endpoint to which the request came for which it was made
     * @param cost USD
     */
    void call(String endpoint, CallRecord call, BigDecimal cost) {
        var error = call.error();
        var meters = calls.computeIfAbsent(
                new CallKey(
                        operation(endpoint),
                        call.provider(),
                        named(call.model(), error == null),
                        error == null ? "" : error.text()),
                this::callMeters);
        meters.duration().record(call.latency().toNanos(), TimeUnit.NANOSECONDS);
        meters.input().record(call.usage().promptTokens());
        meters.output().record(call.usage().completionTokens());
        if (cost.signum() > 0) {
            meters.cost().increment(cost.doubleValue());
        }
    }

    /** The convention's names for what was asked. */
    private static String operation(String endpoint) {
        return switch (Operation.at(endpoint).orElse(Operation.CHAT)) {
            case CHAT -> "chat";
            case COMPLETION -> "text_completion";
            case EMBEDDING -> "embeddings";
        };
    }

    /** A model is named once it has answered, and if there are not too many yet: anybody can make names up. */
    private String named(String model, boolean answered) {
        if (named.contains(model)) {
            return model;
        }
        return answered && named.size() < MAX_MODELS && named.add(model) ? model : "";
    }

    private Timer requestTimer(RequestKey key) {
        return Timer.builder("gen_ai.server.request.duration")
                .description("From a request's arrival to the end of its answer")
                .tag("gen_ai.operation.name", key.operation())
                .tag("gen_ai.request.model", key.model())
                .tag("http.response.status_code", String.valueOf(key.status()))
                .serviceLevelObjectives(LATENCIES)
                .register(registry);
    }

    private Timer firstTokenTimer(FirstTokenKey key) {
        return Timer.builder("gen_ai.server.time_to_first_token")
                .description("From a streamed request's arrival to the first piece of its answer")
                .tag("gen_ai.operation.name", key.operation())
                .tag("gen_ai.request.model", key.model())
                .serviceLevelObjectives(LATENCIES)
                .register(registry);
    }

    private CallMeters callMeters(CallKey key) {
        return new CallMeters(
                Timer.builder("gen_ai.client.operation.duration")
                        .description("Calls to providers")
                        .tag("gen_ai.operation.name", key.operation())
                        .tag("gen_ai.provider.name", key.provider())
                        .tag("gen_ai.request.model", key.model())
                        .tag("error.type", key.error())
                        .serviceLevelObjectives(LATENCIES)
                        .register(registry),
                tokens(key, "input"),
                tokens(key, "output"),
                Counter.builder("caravan.cost")
                        .description("What calls to providers cost")
                        .baseUnit("usd")
                        .tag("gen_ai.provider.name", key.provider())
                        .tag("gen_ai.request.model", key.model())
                        .register(registry));
    }

    private DistributionSummary tokens(CallKey key, String type) {
        return DistributionSummary.builder("gen_ai.client.token.usage")
                .description("Tokens of calls to providers")
                .tag("gen_ai.operation.name", key.operation())
                .tag("gen_ai.provider.name", key.provider())
                .tag("gen_ai.request.model", key.model())
                .tag("gen_ai.token.type", type)
                .serviceLevelObjectives(TOKENS)
                .register(registry);
    }
}
