package dev.caravan.plan;

import dev.caravan.catalog.Deployment;
import java.util.List;

/**
 * Who is asked.
 *
 * @param candidates asked one after the other until one answers
 */
public record Plan(List<Deployment> candidates) {

    public Plan {
        candidates = List.copyOf(candidates);
    }
}
