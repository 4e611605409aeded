package bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.springframework.util.FileSystemUtils;

/**
 * How long one start of the broker took, from exec to the first 200 of {@code /healthz}.
 *
 * @param kind which way
 * @param number which time, from 1
 * @param seconds how long
 */
record Start(Kind kind, int number, double seconds) {

    /** The ways to start. */
    enum Kind {
        EMBEDDED_EMPTY("embedded Kafka, empty data folder", false, false, 2.5),
        EMBEDDED("embedded Kafka, data of the last run", false, true, 2.5),
        EXTERNAL_EMPTY("external Kafka, empty data folder", true, false, 1.5),
        EXTERNAL("external Kafka, data of the last run", true, true, 1.5);

        final String description;
        final double wantedSeconds;
        private final boolean external;
        private final boolean keeps;

        Kind(String description, boolean external, boolean keeps, double wantedSeconds) {
            this.description = description;
            this.external = external;
            this.keeps = keeps;
            this.wantedSeconds = wantedSeconds;
        }
    }

    /** Starts brokers one after the other, the kinds by turns. Nothing else of the bench runs, but for a Kafka. */
    static List<Start> measure(int times, Consumer<Start> say) throws InterruptedException {
        var starts = new ArrayList<Start>();
        var folder = Child.TARGET.resolve("data", "start");
        try (var kafka =
                Child.start(Child.SMALL, Kafka.class, folder.resolve("kafka").toString())) {
            for (var number = 1; number <= times; number++) {
                for (var kind : Kind.values()) {
                    var start = new Start(kind, number, once(kind, folder, kafka.port()));
                    say.accept(start);
                    starts.add(start);
                }
            }
        }
        return starts;
    }

    /** A kind that keeps its data takes over what the one before it in {@link Kind} has left. */
    private static double once(Kind kind, Path folder, int kafkaPort) throws InterruptedException {
        var data = folder.resolve(kind.external ? "external" : "embedded");
        if (!kind.keeps) {
            FileSystemUtils.deleteRecursively(data.toFile());
        }
        var settings = kind.external
                ? Map.of("CARAVAN_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:" + kafkaPort)
                : Map.<String, String>of();
        try (var broker = Broker.start(data, settings, List.of())) {
            return broker.readySeconds();
        }
    }
}
