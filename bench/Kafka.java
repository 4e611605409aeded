package bench;

import dev.caravan.embedded.EmbeddedKafka;
import java.io.IOException;
import java.nio.file.Path;

/** A Kafka in a process of its own, for brokers that bring none: {@code FOLDER [PORT]}. */
final class Kafka {

    private Kafka() {}

    public static void main(String... args) throws IOException {
        var answers = System.out;
        System.setOut(System.err); // Kafka's log is not for the bench's ears.
        var port = args.length > 1 ? Integer.parseInt(args[1]) : 0;
        try (var kafka = EmbeddedKafka.start(Path.of(args[0]), port, System.err::println)) {
            var servers = kafka.bootstrapServers();
            answers.println(servers.substring(servers.indexOf(':') + 1));
            while (System.in.read() >= 0) {
                // Serves until the bench ends.
            }
        }
        System.exit(0);
    }
}
