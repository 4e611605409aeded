package dev.caravan.catalog;

import java.util.List;

/**
 * One public model name and where it is served.
 *
 * @param name the name that clients use; may hold {@code :} and {@code /}
 * @param served the providers that serve it; among those of equal priority and weight, the earlier is asked first
 * @param settings what holds for every request to it
 * @param supportedTasks what it is good for, such as {@code text} or {@code code}
 * @param fallbacks models that are asked when none of its providers has answered, in order
 * @param created since when it is known here, in seconds since 1970
 */
public record ModelSpec(
        String name,
        List<Served> served,
        ModelSettings settings,
        List<String> supportedTasks,
        List<String> fallbacks,
        long created) {

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
        return new ModelSpec(name, served, settings, supportedTasks, fallbacks, seconds);
    }
}
