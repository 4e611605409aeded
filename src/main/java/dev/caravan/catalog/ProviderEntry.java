package dev.caravan.catalog;

import java.time.Instant;

/**
 * A provider with what is known about its settings.
 *
 * @param created when this provider was first seen here
 */
public record ProviderEntry(ProviderSpec spec, ProviderSource source, Instant created) {}
