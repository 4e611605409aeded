package dev.caravan.route;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was seen of a request, and what that says.
 *
 * @param task the kind of work
 * @param score from 0 to 1: how much a strong model is worth here, a half being as much as for most questions
 * @param features what was seen, by name
 * @param reasons what of it spoke for or against a strong model, in words
 */
public record Analysis(TaskType task, double score, Map<String, Object> features, List<String> reasons) {

    public Analysis {
        features = Collections.unmodifiableMap(new LinkedHashMap<>(features));
        reasons = List.copyOf(reasons);
    }
}
