package dev.caravan.plan;

import dev.caravan.chat.ErrorCode;
import dev.caravan.chat.Usage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One call to one provider, after it ended.
 *
 * @param provider the provider's name
 * @param model the model's name at the provider
 * @param status 200, or the status of the error
 * @param error what went wrong; null for an answer
 * @param usage tokens as the provider counted them, or as estimated
 * @param latency from the first byte sent to the last byte read
 * @param firstToken from the first byte sent to the first piece of a streamed answer; null for one that was not streamed
 * @param cancelled whether it was let go before its end
 * @param estimated whether the broker counted the tokens, since the provider could not
 */
public record CallRecord(
        String provider,
        String model,
        int status,
        @Nullable ErrorCode error,
        Usage usage,
        Duration latency,
        @Nullable Duration firstToken,
        boolean cancelled,
        boolean estimated) {

    /** A call that was not streamed. */
    public CallRecord(
            String provider,
            String model,
            int status,
            @Nullable ErrorCode error,
            Usage usage,
            Duration latency,
            boolean cancelled,
            boolean estimated) {
        this(provider, model, status, error, usage, latency, null, cancelled, estimated);
    }
}
