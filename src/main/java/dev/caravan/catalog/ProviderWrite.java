package dev.caravan.catalog;

/** One change of the {@link ProviderStore}. */
public sealed interface ProviderWrite {

    /** A new provider. */
    record Create(ProviderSettings settings) implements ProviderWrite {}

    /** Other settings for a provider that has a row. */
    record Put(int id, ProviderSettings settings) implements ProviderWrite {}

    /** Back to what the file says. */
    record Reset(int id) implements ProviderWrite {}

    record Delete(int id) implements ProviderWrite {}
}
