package dev.caravan.catalog;

import java.time.Instant;

/**
 * A provider with what is known about its settings.
 *
 * @param created when this provider was first seen here
 * @param ofThisRun whether its base url is the simulator's, which is another one in every run and cannot be changed
 */
public record ProviderEntry(ProviderSpec spec, ProviderSource source, Instant created, boolean ofThisRun) {

    public ProviderEntry(ProviderSpec spec, ProviderSource source, Instant created) {
        this(spec, source, created, false);
    }
}
