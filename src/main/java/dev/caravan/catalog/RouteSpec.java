package dev.caravan.catalog;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A public name that stands for a choice among models, made for each request by what it asks.
 *
 * @param name the name that clients use
 * @param models the models of each tier, the preferred first; those that are not there are passed over. Without any at all, every
 *     model of the catalog may be chosen, by its price
 * @param strongShare the share of requests, from 0 to 1, that goes to {@link Tier#REASONING} at most
 * @param threshold the score above which a request goes there, whatever the share; null: the share decides
 * @param prefer what decides among the models of a tier
 * @param costWeight what cost counts for where both decide
 * @param latencyWeight what latency counts for there
 */
public record RouteSpec(
        String name,
        Map<Tier, List<String>> models,
        double strongShare,
        @Nullable Double threshold,
        Preference prefer,
        double costWeight,
        double latencyWeight) {

    /** What is always there: it stands for a choice among all models if nobody has said among which. */
    public static final String AUTO = "auto";

    /** The share of strong calls where nothing is said. */
    public static final double STRONG_SHARE = 0.3;

    /** What decides among the models of a tier. */
    public enum Preference {
        /** The order in which they stand. */
        ORDER,
        CHEAPEST,
        FASTEST,
        /** Cost and latency, by their weights. */
        WEIGHTED;

        /** Its name in configuration and answers. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Optional<Preference> named(String text) {
            return Arrays.stream(values())
                    .filter(each -> each.text().equals(text))
                    .findFirst();
        }
    }

    public RouteSpec {
        models = Map.copyOf(models);
    }

    /** A choice in order among these models. */
    public RouteSpec(String name, Map<Tier, List<String>> models) {
        this(name, models, STRONG_SHARE, null, Preference.ORDER, 1, 1);
    }

    /** The models of a tier; those of the nearest other one where it has none. */
    public List<String> of(Tier tier) {
        var own = models.getOrDefault(tier, List.of());
        return !own.isEmpty() || tier == Tier.LIGHTWEIGHT
                ? own
                : of(tier == Tier.MULTIMODAL ? Tier.REASONING : Tier.LIGHTWEIGHT);
    }
}
