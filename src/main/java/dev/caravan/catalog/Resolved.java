package dev.caravan.catalog;

import java.util.List;

/**
 * What a model name in a request stands for.
 *
 * @param model the name that the request asked for
 * @param candidates whom to ask, in order; only enabled providers; empty if all that serve the model are disabled
 */
public record Resolved(String model, List<Deployment> candidates) {

    public Resolved {
        candidates = List.copyOf(candidates);
    }
}
