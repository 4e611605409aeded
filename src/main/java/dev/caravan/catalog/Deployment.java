package dev.caravan.catalog;

/**
 * One model at one provider: what a single call is addressed to.
 *
 * @param model the name under which the provider knows the model
 */
public record Deployment(ProviderSpec provider, String model) {}
