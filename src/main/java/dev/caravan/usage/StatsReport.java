package dev.caravan.usage;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/**
 * The answer of {@code GET /admin/stats}.
 *
 * @param counts all requests together
 * @param providers the calls made to each provider; a request may have made several or none
 * @param models the requests by the model that was asked for; {@code ""}: none, or one that nobody serves
 * @param keys the requests by name of the client's key
 * @param timestamp when the report was made
 */
@JsonNaming(SnakeCaseStrategy.class)
public record StatsReport(
        @JsonUnwrapped Counts counts,
        List<ByProvider> providers,
        List<ByModel> models,
        List<ByKey> keys,
        Instant timestamp) {

    public StatsReport {
        providers = List.copyOf(providers);
        models = List.copyOf(models);
        keys = List.copyOf(keys);
    }

    /**
     * Sums over requests, or over calls to a provider.
     *
     * @param totalRequests all of them
     * @param successfulRequests those with a status of 200 to 299
     * @param cancelledRequests those that were let go of before their end
     * @param totalLatencyMs milliseconds, all together
     * @param totalTokens prompts and answers
     * @param totalCost USD, by the prices of the time
     * @param totalRepricedCost USD, by the prices known when they were last applied anew; as {@code totalCost} before
     */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Counts(
            long totalRequests,
            long successfulRequests,
            long cancelledRequests,

            @JsonProperty(access = JsonProperty.Access.WRITE_ONLY)
            double totalLatencyMs,

            long totalTokens,
            BigDecimal totalCost,
            BigDecimal totalRepricedCost) {

        public static final Counts NONE = new Counts(0, 0, 0, 0, 0, BigDecimal.ZERO, BigDecimal.ZERO);

        public Counts plus(Counts other) {
            return new Counts(
                    totalRequests + other.totalRequests,
                    successfulRequests + other.successfulRequests,
                    cancelledRequests + other.cancelledRequests,
                    totalLatencyMs + other.totalLatencyMs,
                    totalTokens + other.totalTokens,
                    totalCost.add(other.totalCost),
                    totalRepricedCost.add(other.totalRepricedCost));
        }

        @JsonProperty("failed_requests")
        public long failedRequests() {
            return totalRequests - successfulRequests;
        }

        /** Percent with two decimals; 0 where there was no request. */
        @JsonProperty("success_rate")
        public double successRate() {
            return ratio(100.0 * successfulRequests);
        }

        /** Milliseconds with two decimals; 0 where there was no request. */
        @JsonProperty("avg_response_time_ms")
        public double avgResponseTimeMs() {
            return ratio(totalLatencyMs);
        }

        private double ratio(double sum) {
            return totalRequests == 0 ? 0 : Math.round(sum / totalRequests * 100) / 100.0;
        }
    }

    /** The calls made to one provider. */
    @JsonNaming(SnakeCaseStrategy.class)
    public record ByProvider(
            int providerId,
            String providerName,
            @JsonUnwrapped Counts counts) {}

    /** The requests for one model. */
    @JsonNaming(SnakeCaseStrategy.class)
    public record ByModel(String model, @JsonUnwrapped Counts counts) {}

    /** The requests with one key. */
    @JsonNaming(SnakeCaseStrategy.class)
    public record ByKey(String key, @JsonUnwrapped Counts counts) {}

    /** The body of the answer: JSON in UTF-8. */
    public byte[] toJson() {
        return UsageJson.bytes(this);
    }
}
