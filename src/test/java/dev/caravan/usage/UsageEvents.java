package dev.caravan.usage;

import dev.caravan.chat.Usage;
import dev.caravan.usage.UsageEvent.Cache;
import dev.caravan.usage.UsageEvent.Door;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Events for tests. */
public final class UsageEvents {

    private UsageEvents() {}

    /** One that has no disk. */
    static UsageOutbox outbox() {
        return new UsageOutbox(100_000, UsageSpool.open(Path.of("no-such-folder"), 0));
    }

    public static UsageEvent answered(Instant timestamp, String model, String provider, String key, String cost) {
        return of(timestamp, model, provider, key, 200, null, List.of(call(provider, model, 200, cost)));
    }

    public static UsageEvent of(
            Instant timestamp,
            @Nullable String model,
            @Nullable String provider,
            String key,
            int status,
            @Nullable String errorCode,
            List<UsageCall> calls) {
        var id = UUID.randomUUID();
        return new UsageEvent(
                id,
                "req-" + id,
                status == 200 ? "chatcmpl-" + id : null,
                timestamp,
                Door.HTTP,
                "/v1/chat/completions",
                key,
                model,
                provider,
                false,
                status,
                errorCode,
                12.5,
                null,
                Cache.MISS,
                calls);
    }

    public static UsageCall call(String provider, String model, int status, String cost) {
        return new UsageCall(
                provider,
                model,
                status,
                status == 200 ? null : "inference_failed",
                new Usage(100, 20, 10, 5),
                new BigDecimal(cost),
                10.25,
                false,
                false);
    }
}
