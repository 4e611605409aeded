package dev.caravan.catalog;

import dev.caravan.chat.Usage;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What a model costs, in USD for a million tokens.
 *
 * @param input tokens of the prompt that the provider had not cached
 * @param output tokens of the answer
 * @param cachedInput tokens of the prompt that the provider read from its cache; null: as {@code input}
 */
public record Price(
        BigDecimal input, BigDecimal output, @Nullable BigDecimal cachedInput) {

    /** What {@code usage} costs, in USD: each token is counted in one bucket only. */
    public BigDecimal of(Usage usage) {
        var cachedRate = cachedInput == null ? input : cachedInput;
        return input.multiply(BigDecimal.valueOf(Math.max(0, usage.promptTokens() - usage.cachedTokens())))
                .add(cachedRate.multiply(BigDecimal.valueOf(usage.cachedTokens())))
                .add(output.multiply(BigDecimal.valueOf(usage.completionTokens())))
                .movePointLeft(6);
    }
}
