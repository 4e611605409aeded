package dev.caravan.catalog;

import java.util.Locale;

/** Where the settings of a provider that are in force come from. */
public enum ProviderSource {
    /** From {@code config/providers.yaml}. */
    FILE,
    /** From {@code BASE_URL} and {@code API_KEY}. */
    ENVIRONMENT,
    /** Made through the admin API. */
    ADMIN,
    /** From the file or the environment, and changed through the admin API since. */
    OVERRIDE;

    /** The source's name, as the admin API shows it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
