package dev.caravan.usage;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.caravan.chat.Usage;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How one client request ended and what it used: one for every request, whatever became of it. Its JSON is the record of
 * topic {@code caravan.usage}, described by {@code kafka/schemas/usage-event.schema.json}. Totals are the sums over the
 * calls, always. Texts are cut to 200 characters and lose what JSON or SQL cannot hold.
 *
 * @param id identity of the event: a repeat has the same id and the same timestamp
 * @param requestId id of the request, as in {@code x-request-id}
 * @param completionId id of the answer; null if there is none
 * @param timestamp when the request ended, to the microsecond
 * @param door where it came from
 * @param endpoint path of the endpoint, such as {@code /v1/chat/completions}
 * @param key name of the client's key, never the key
 * @param model the model that was asked for; null if the request named none
 * @param provider who answered; null if nobody did
 * @param stream whether a stream was asked for
 * @param statusCode the HTTP status for the caller; 499 for one that went away
 * @param errorCode code of the error, as in error bodies; null if answered
 * @param latencyMs milliseconds from the request's arrival to its end
 * @param firstTokenMs milliseconds from the request's arrival to the first token; null if unknown
 * @param cache what the response cache did
 * @param calls every call that was made to a provider, in order
 */
@JsonNaming(SnakeCaseStrategy.class)
@JsonPropertyOrder({
    "id",
    "request_id",
    "completion_id",
    "timestamp",
    "door",
    "endpoint",
    "key",
    "model",
    "provider",
    "stream",
    "status_code",
    "error_code",
    "latency_ms",
    "first_token_ms",
    "prompt_tokens",
    "completion_tokens",
    "cached_tokens",
    "reasoning_tokens",
    "total_tokens",
    "cost",
    "cache",
    "calls"
})
public record UsageEvent(
        UUID id,
        String requestId,
        @Nullable String completionId,
        Instant timestamp,
        Door door,
        String endpoint,
        String key,
        @Nullable String model,
        @Nullable String provider,
        boolean stream,
        int statusCode,
        @Nullable String errorCode,
        double latencyMs,
        @Nullable Double firstTokenMs,
        Cache cache,
        List<UsageCall> calls) {

    /** Where a request came in. */
    public enum Door {
        @JsonProperty("http")
        HTTP,
        @JsonProperty("kafka")
        KAFKA,
        @JsonProperty("route")
        ROUTE
    }

    /** What the response cache did for a request. */
    public enum Cache {
        @JsonProperty("hit")
        HIT,
        @JsonProperty("miss")
        MISS,
        @JsonProperty("bypass")
        BYPASS
    }

    public UsageEvent {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(door, "door");
        Objects.requireNonNull(cache, "cache");
        requestId = StoredText.of(requestId);
        completionId = StoredText.orNull(completionId);
        timestamp = timestamp.truncatedTo(ChronoUnit.MICROS);
        endpoint = StoredText.of(endpoint);
        key = StoredText.of(key);
        model = StoredText.orNull(model);
        provider = StoredText.orNull(provider);
        errorCode = StoredText.orNull(errorCode);
        latencyMs = milliseconds(latencyMs);
        firstTokenMs = firstTokenMs == null ? null : Double.valueOf(milliseconds(firstTokenMs));
        calls = List.copyOf(calls);
    }

    /** Reads the value of a record of {@code caravan.usage}. Fields that are unknown here are passed over. */
    public static Parsed<UsageEvent> parse(byte[] json) {
        return UsageJson.parseEvent(json);
    }

    /** The value of a record of {@code caravan.usage}: JSON in UTF-8. */
    public byte[] toJson() {
        return UsageJson.bytes(this);
    }

    @JsonProperty(value = "prompt_tokens", access = JsonProperty.Access.READ_ONLY)
    public long promptTokens() {
        return calls.stream().mapToLong(UsageCall::promptTokens).sum();
    }

    @JsonProperty(value = "completion_tokens", access = JsonProperty.Access.READ_ONLY)
    public long completionTokens() {
        return calls.stream().mapToLong(UsageCall::completionTokens).sum();
    }

    @JsonProperty(value = "cached_tokens", access = JsonProperty.Access.READ_ONLY)
    public long cachedTokens() {
        return calls.stream().mapToLong(UsageCall::cachedTokens).sum();
    }

    @JsonProperty(value = "reasoning_tokens", access = JsonProperty.Access.READ_ONLY)
    public long reasoningTokens() {
        return calls.stream().mapToLong(UsageCall::reasoningTokens).sum();
    }

    @JsonProperty(value = "total_tokens", access = JsonProperty.Access.READ_ONLY)
    public long totalTokens() {
        return promptTokens() + completionTokens();
    }

    /** USD. */
    @JsonProperty(value = "cost", access = JsonProperty.Access.READ_ONLY)
    public BigDecimal cost() {
        var sum = BigDecimal.ZERO;
        for (var call : calls) {
            sum = sum.add(call.cost());
        }
        return sum;
    }

    /** The token counts of all calls as one value. */
    public Usage usage() {
        return new Usage(promptTokens(), completionTokens(), cachedTokens(), reasoningTokens());
    }

    /** Whether the caller got a status of 200 to 299. */
    public boolean successful() {
        return isSuccess(statusCode);
    }

    static boolean isSuccess(int status) {
        return status >= 200 && status <= 299;
    }

    /** Three decimals; what no clock can have measured is 0, for one such value would spoil every sum. */
    static double milliseconds(double measured) {
        return measured > 0 && measured < 1e12 ? Math.round(measured * 1000) / 1000.0 : 0;
    }
}
