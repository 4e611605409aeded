package dev.caravan.catalog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One public model name and where it is served.
 *
 * @param name the name that clients use; may hold {@code :} and {@code /}
 * @param served the providers that serve it; among those of equal priority and weight, the earlier is asked first
 * @param maxTokens the longest answer it gives, in tokens; null if unknown
 * @param supportedTasks what it is good for, such as {@code text} or {@code code}
 * @param created since when it is known here, in seconds since 1970
 */
public record ModelSpec(
        String name, List<Served> served, @Nullable Integer maxTokens, List<String> supportedTasks, long created) {

    public ModelSpec {
        served = List.copyOf(served);
        supportedTasks = List.copyOf(supportedTasks);
    }

    /**
     * One place where a model is served.
     *
     * @param provider the provider's name
     * @param model the name under which this provider knows the model
     */
    public record Served(String provider, String model) {}

    ModelSpec withCreated(long seconds) {
        return new ModelSpec(name, served, maxTokens, supportedTasks, seconds);
    }
}
