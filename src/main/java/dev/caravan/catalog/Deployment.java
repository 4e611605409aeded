package dev.caravan.catalog;

/**
 * One model at one provider: what a single call is addressed to.
 *
 * @param model the name under which the provider knows the model
 * @param settings what holds for every request to this model
 */
public record Deployment(ProviderSpec provider, String model, ModelSettings settings) {

    /** A model of which nothing is said. */
    public Deployment(ProviderSpec provider, String model) {
        this(provider, model, ModelSettings.NONE);
    }

    /** The same model, at the provider as it is configured now. */
    public Deployment at(ProviderSpec now) {
        return new Deployment(now, model, settings);
    }
}
