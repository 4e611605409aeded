package dev.caravan.catalog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One public model name and where it is served.
 *
 * @param name the name that clients use; may hold {@code :} and {@code /}
 * @param providers names of the providers that serve it, in the order they are asked
 * @param path the name under which the providers know it
 * @param maxTokens the longest answer it gives, in tokens; null if unknown
 * @param supportedTasks what it is good for, such as {@code text} or {@code code}
 * @param created when it was published, in seconds since 1970
 */
public record ModelSpec(
        String name,
        List<String> providers,
        String path,
        @Nullable Integer maxTokens,
        List<String> supportedTasks,
        long created) {

    public ModelSpec {
        providers = List.copyOf(providers);
        supportedTasks = List.copyOf(supportedTasks);
    }
}
