package dev.caravan.catalog;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether a council would ask itself in the end. No state. */
final class CouncilCycle {

    private CouncilCycle() {}

    /**
     * How a council comes to ask itself: by name those who ask the next, itself first; nothing if it does not.
     *
     * @param others the councils among whom there is no cycle yet, and other models
     */
    static Optional<List<String>> of(ModelSpec council, List<ModelSpec> others) {
        return back(council, council.name(), others);
    }

    private static Optional<List<String>> back(ModelSpec from, String to, List<ModelSpec> others) {
        var council = from.council();
        if (council == null) {
            return Optional.empty();
        }
        if (council.models().contains(to)) {
            return Optional.of(List.of(from.name()));
        }
        return others.stream()
                .filter(model -> council.models().contains(model.name()))
                .flatMap(model -> back(model, to, others).stream())
                .findFirst()
                .map(way -> Stream.concat(Stream.of(from.name()), way.stream()).toList());
    }
}
