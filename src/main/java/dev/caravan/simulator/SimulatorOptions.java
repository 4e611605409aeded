package dev.caravan.simulator;

import dev.caravan.simulator.SimulatedModel.Voice;
import java.time.Duration;
import java.util.List;

/**
 * Where a simulator listens and what it pretends to have.
 *
 * @param port the TCP port on 127.0.0.1; 0 takes any free one
 * @param models the models it serves
 */
public record SimulatorOptions(int port, List<SimulatedModel> models) {

    public SimulatorOptions {
        models = List.copyOf(models);
    }

    /** {@code sim-echo} that is instant, {@code sim-small} that is quick and {@code sim-large} that is slow, {@code sim-embed} for vectors; any free port. */
    public static SimulatorOptions defaults() {
        return new SimulatorOptions(
                0,
                List.of(
                        new SimulatedModel("sim-echo", Voice.ECHO, Pace.INSTANT),
                        new SimulatedModel("sim-small", Voice.FILLER, Pace.of(Duration.ofMillis(50), 200)),
                        new SimulatedModel("sim-large", Voice.FILLER, Pace.of(Duration.ofMillis(200), 60)),
                        new SimulatedModel("sim-embed", Voice.VECTORS, Pace.INSTANT)));
    }
}
