package dev.caravan.plan;

import dev.caravan.catalog.Deployment;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which providers have asked to be left alone for a while with a 429, model by model. Thread-safe; it holds at most one
 * entry for each deployment.
 */
public final class CoolDowns {

    /** What a 429 without {@code Retry-After} asks for. */
    private static final Duration UNSAID = Duration.ofSeconds(1);

    /** However long a provider asks for, it is asked again after this long. */
    static final Duration LONGEST = Duration.ofHours(1);

    private record Key(String provider, String model) {}

    private final Clock clock;
    private final Map<Key, Instant> until = new ConcurrentHashMap<>();

    public CoolDowns(Clock clock) {
        this.clock = clock;
    }

    /** Notes a 429 of this deployment. */
    void begin(Deployment deployment, @Nullable Duration retryAfter) {
        var pause = retryAfter == null ? UNSAID : retryAfter;
        until.put(key(deployment), clock.instant().plus(pause.compareTo(LONGEST) > 0 ? LONGEST : pause));
    }

    /** How long the deployment is still to be left alone; zero if it may be asked. */
    Duration left(Deployment deployment) {
        if (until.isEmpty()) {
            return Duration.ZERO;
        }
        var key = key(deployment);
        var end = until.get(key);
        if (end == null) {
            return Duration.ZERO;
        }
        var left = Duration.between(clock.instant(), end);
        if (left.isPositive()) {
            return left;
        }
        until.remove(key, end);
        return Duration.ZERO;
    }

    private static Key key(Deployment deployment) {
        return new Key(deployment.provider().name(), deployment.model());
    }
}
