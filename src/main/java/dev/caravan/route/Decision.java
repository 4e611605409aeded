package dev.caravan.route;

import dev.caravan.catalog.Deployment;
import dev.caravan.catalog.Tier;
import java.util.List;

/**
 * A model that was chosen for a request, and who is asked if it does not answer.
 *
 * @param weighed the request, as it was looked at
 * @param tier for what kind of request it was taken
 * @param options the chosen one first, then those that are left
 * @param reasons why, in words
 */
public record Decision(Weighed weighed, Tier tier, List<Option> options, List<String> reasons) {

    public Decision {
        options = List.copyOf(options);
        reasons = List.copyOf(reasons);
    }

    /** The chosen model's public name. */
    public String model() {
        return options.getFirst().model();
    }

    /** The public names of the chosen model and of those that are asked after it. */
    public List<String> models() {
        return options.stream().map(Option::model).toList();
    }

    /** The public name of the model that is asked for by this deployment. */
    public String modelOf(Deployment deployment) {
        return options.stream()
                .filter(option -> option.candidates().stream()
                        .anyMatch(candidate -> candidate.model().equals(deployment.model())
                                && candidate
                                        .provider()
                                        .name()
                                        .equals(deployment.provider().name())))
                .map(Option::model)
                .findFirst()
                .orElseGet(this::model);
    }
}
