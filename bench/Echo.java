package bench;

import dev.caravan.simulator.Simulator;
import dev.caravan.simulator.SimulatorOptions;
import java.io.IOException;

/** The simulator in a process of its own. */
final class Echo {

    private Echo() {}

    public static void main(String... args) throws IOException {
        var simulator = Simulator.start(SimulatorOptions.defaults());
        System.out.println(simulator.port());
        while (System.in.read() >= 0) {
            // Serves until the bench ends.
        }
        System.exit(0);
    }
}
