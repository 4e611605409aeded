package dev.caravan.route;

import dev.caravan.catalog.RouteSpec;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request for which a model is to be chosen, after it was looked at. The routes read it.
 *
 * @param spec what is chosen from
 * @param steering what the caller says to it
 * @param threshold the score above which a strong model is worth it
 * @param shareUsedUp whether the strong models have had their share of requests lately
 * @param provider the only provider that may answer; null for any
 */
public record Weighed(
        RouteSpec spec,
        Question question,
        Steering steering,
        Analysis analysis,
        double threshold,
        boolean shareUsedUp,
        @Nullable String provider) {

    /** The tier that the caller has named; null where the request decides. */
    public @Nullable String getTierSaid() {
        var tier = steering.tier();
        return tier == null ? null : tier.text();
    }

    /** Whether a model has to see. */
    public boolean isSeeing() {
        return question.images() > 0 || steering.requires().contains("vision");
    }

    /** Whether a strong model is worth it, and may be asked. */
    public boolean isWorthIt() {
        return analysis.score() > threshold && !shareUsedUp;
    }

    /** What the model has to be able to do. */
    Set<String> required() {
        var required = new LinkedHashSet<>(steering.requires());
        if (question.images() > 0) {
            required.add("vision");
        }
        if (question.tools() > 0) {
            required.add("tools");
        }
        if (question.json()) {
            required.add("json");
        }
        return required;
    }

    /** Whether the score has decided, and not the caller or a picture. */
    boolean isByScore() {
        return steering.tier() == null && !isSeeing();
    }
}
