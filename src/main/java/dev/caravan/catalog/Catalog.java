package dev.caravan.catalog;

import java.util.List;
import java.util.Optional;

/** The providers, models and prices in force at one moment. Immutable. */
public interface Catalog {

    /** Every provider, also the disabled ones, by id. */
    List<ProviderSpec> providers();

    /** The provider of this name. */
    Optional<ProviderSpec> provider(String name);

    /** Every model that {@code config/models.yaml} names or a provider lists, by name. */
    List<ModelSpec> models();

    /** The model of this name. */
    Optional<ModelSpec> model(String name);

    /** The price of {@code model} at {@code provider}; none if nobody said. */
    Optional<Price> price(String provider, String model);
}
