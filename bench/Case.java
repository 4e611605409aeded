package bench;

import java.util.List;

/**
 * One situation to measure.
 *
 * @param name its name in reports and in {@code --cases}
 * @param connections how many clients ask, each one request after the other
 * @param model the model they ask for; the mock upstream reads from it how to answer (see {@link Script})
 * @param promptBytes the length of the prompt
 * @param perSecond how many requests all clients together send a second; 0: each asks again as soon as it was answered
 * @param warmUpSeconds how long each target is warmed up
 * @param rounds how often each target is measured, in turns
 * @param seconds how long a round lasts
 */
record Case(
        String name,
        int connections,
        String model,
        int promptBytes,
        int perSecond,
        int warmUpSeconds,
        int rounds,
        int seconds) {

    static final List<Case> ALL = List.of(
            new Case("instant-32", 32, "mock-small", 100, 0, 20, 3, 10),
            new Case("instant-256", 256, "mock-small", 100, 0, 10, 3, 10),
            new Case("slow", 2_000, "mock-delay-500", 100, 0, 10, 3, 10),
            new Case("streams", 500, "mock-stream-100x20", 100, 0, 15, 3, 12),
            new Case("large", 16, "mock-large", 100_000, 0, 10, 3, 10),
            new Case("soak", 64, "mock-small", 100, 2_000, 20, 1, 600));

    /** Whether no option has changed it. */
    boolean isUsual() {
        return ALL.contains(this);
    }

    Script script() {
        return Script.of(model);
    }

    /** Whether it is about memory over time at a steady rate, not about speed. */
    boolean soaks() {
        return perSecond > 0;
    }

    @Override
    public String toString() {
        return "%s (%,d clients, warm-ups of %d s, %d × %,d s)"
                .formatted(name, connections, warmUpSeconds, rounds, seconds);
    }

    /** The requests a second if nothing but the upstream took time; NaN if that takes none either. */
    double ideal() {
        if (soaks()) {
            return perSecond;
        }
        var millis = script().millis();
        return millis == 0 ? Double.NaN : connections * 1000.0 / millis;
    }
}
