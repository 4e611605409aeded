package dev.caravan.usage;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.caravan.chat.Usage;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * One call that was made to a provider for a request. Texts are cut to 200 characters, costs rounded to 12 decimals, and
 * token counts kept between 0 and a million millions, so that no answer of a provider can make an event that cannot be stored.
 *
 * @param provider the provider's name
 * @param model the model it was asked for
 * @param status the HTTP status it gave, or that of our own error where it gave none
 * @param errorCode code of the error, as in error bodies; null if it answered
 * @param promptTokens tokens of the prompt, the cached ones included
 * @param completionTokens tokens of the answer, the reasoning ones included
 * @param cachedTokens the part of the prompt that the provider read from its own cache
 * @param reasoningTokens the part of the answer that was thought and not shown
 * @param cost USD
 * @param latencyMs milliseconds from asking to the end of the answer
 * @param cancelled whether we let go of it before its end
 * @param estimated whether the tokens are our estimate, since the provider did not count them
 */
@JsonNaming(SnakeCaseStrategy.class)
public record UsageCall(
        String provider,
        String model,
        int status,
        @Nullable String errorCode,
        long promptTokens,
        long completionTokens,
        long cachedTokens,
        long reasoningTokens,
        BigDecimal cost,
        double latencyMs,
        boolean cancelled,
        boolean estimated) {

    private static final long MAX_TOKENS = 1_000_000_000_000L;
    private static final int COST_DECIMALS = 12;

    public UsageCall {
        provider = StoredText.of(provider);
        model = StoredText.of(model);
        errorCode = StoredText.orNull(errorCode);
        promptTokens = Math.clamp(promptTokens, 0, MAX_TOKENS);
        completionTokens = Math.clamp(completionTokens, 0, MAX_TOKENS);
        cachedTokens = Math.clamp(cachedTokens, 0, MAX_TOKENS);
        reasoningTokens = Math.clamp(reasoningTokens, 0, MAX_TOKENS);
        cost = rounded(cost);
        latencyMs = UsageEvent.milliseconds(latencyMs);
    }

    public UsageCall(
            String provider,
            String model,
            int status,
            @Nullable String errorCode,
            Usage usage,
            BigDecimal cost,
            double latencyMs,
            boolean cancelled,
            boolean estimated) {
        this(
                provider,
                model,
                status,
                errorCode,
                usage.promptTokens(),
                usage.completionTokens(),
                usage.cachedTokens(),
                usage.reasoningTokens(),
                cost,
                latencyMs,
                cancelled,
                estimated);
    }

    static BigDecimal rounded(BigDecimal cost) {
        return cost.scale() > COST_DECIMALS ? cost.setScale(COST_DECIMALS, RoundingMode.HALF_EVEN) : cost;
    }

    /** Its four token counts as one value. */
    public Usage usage() {
        return new Usage(promptTokens, completionTokens, cachedTokens, reasoningTokens);
    }

    /** Whether the provider answered with a status of 200 to 299. */
    public boolean successful() {
        return UsageEvent.isSuccess(status);
    }
}
