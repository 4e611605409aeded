package bench;

import java.util.List;

/**
 * One situation to measure.
 *
 * @param name its name in reports and in {@code --cases}
 * @param connections how many clients ask, each one request after the other
 * @param model the model they ask for; the mock upstream reads from it how to answer (see {@link Script})
 * @param promptBytes the length of the prompt
 * @param warmUpSeconds how long each target is warmed up
 * @param rounds how often each target is measured, in turns
 * @param seconds how long a round lasts
 */
record Case(
        String name, int connections, String model, int promptBytes, int warmUpSeconds, int rounds, int seconds) {

    static final List<Case> ALL = List.of(
            new Case("instant", 32, "mock-small", 100, 15, 3, 10),
            new Case("slow", 2_000, "mock-delay-500", 100, 10, 3, 10),
            new Case("streams", 500, "mock-stream-40x50", 100, 10, 3, 10),
            new Case("large", 16, "mock-large", 100_000, 10, 3, 10),
            new Case("soak", 32, "mock-small", 100, 15, 10, 60));

    static Case named(String name) {
        return ALL.stream()
                .filter(known -> known.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no case " + name + ": there are "
                        + ALL.stream().map(Case::name).toList()));
    }

    Script script() {
        return Script.of(model);
    }
}
