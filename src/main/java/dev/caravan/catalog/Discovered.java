package dev.caravan.catalog;

import java.util.List;

/**
 * The models that a provider's server has, as it told itself.
 *
 * @param asked the provider as it was when its server was asked
 * @param models their names there
 */
public record Discovered(ProviderSpec asked, List<String> models) {

    public Discovered {
        models = List.copyOf(models);
    }

    /** Whether it still holds for the provider as it is configured now. */
    boolean holdsFor(ProviderSpec now) {
        return now.discovers() && now.asksAs(asked);
    }
}
