package dev.caravan.catalog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One public model name and where it is served.
 *
 * @param name the name that clients use; may hold {@code :} and {@code /}
 * @param served the providers that serve it; among those of equal priority and weight, the earlier is asked first
 * @param settings what holds for every request to it
 * @param supportedTasks what it is good for, such as {@code text} or {@code code}
 * @param fallbacks models that are asked when none of its providers has answered, in order
 * @param created since when it is known here, in seconds since 1970
 * @param council those who answer in its name; null for a model that answers itself
 */
public record ModelSpec(
        String name,
        List<Served> served,
        ModelSettings settings,
        List<String> supportedTasks,
        List<String> fallbacks,
        long created,
        @Nullable Council council) {

    public ModelSpec(
            String name,
            List<Served> served,
            ModelSettings settings,
            List<String> supportedTasks,
            List<String> fallbacks,
            long created) {
        this(name, served, settings, supportedTasks, fallbacks, created, null);
    }

    /** A council, which no provider serves. */
    static ModelSpec of(String name, Council council, List<String> supportedTasks) {
        return new ModelSpec(name, List.of(), ModelSettings.NONE, supportedTasks, List.of(), 0, council);
    }

    public ModelSpec {
        served = List.copyOf(served);
        supportedTasks = List.copyOf(supportedTasks);
        fallbacks = List.copyOf(fallbacks);
    }

    /**
     * One place where a model is served.
     *
     * @param provider the provider's name
     * @param model the name under which this provider knows the model
     */
    public record Served(String provider, String model) {}

    ModelSpec withCreated(long seconds) {
        return new ModelSpec(name, served, settings, supportedTasks, fallbacks, seconds, council);
    }
}
