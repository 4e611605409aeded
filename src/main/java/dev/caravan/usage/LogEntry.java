package dev.caravan.usage;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One request as {@code GET /admin/logs} shows it; each field means what it does in {@link UsageEvent}.
 *
 * @param repricedCost USD, by the prices known when they were last applied anew; as {@code cost} before
 */
@JsonNaming(SnakeCaseStrategy.class)
public record LogEntry(
        String requestId,
        @Nullable String completionId,
        Instant timestamp,
        String door,
        String endpoint,
        String key,
        @Nullable String model,
        @Nullable String provider,
        boolean stream,
        int statusCode,
        @Nullable String errorCode,
        double latencyMs,
        @Nullable Double firstTokenMs,
        long promptTokens,
        long completionTokens,
        long cachedTokens,
        long reasoningTokens,
        long totalTokens,
        BigDecimal cost,
        BigDecimal repricedCost,
        String cache) {}
