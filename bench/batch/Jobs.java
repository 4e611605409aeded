package bench.batch;

import dev.caravan.testing.BrokerProcess;
import dev.caravan.testing.KafkaProcess;
import dev.caravan.testing.Postgres;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Jobs by the second, and what they cost: {@code FOLDER JOBS [JAVA_OPTION …]}. One row for each case. */
final class Jobs {

    private static final String ROW = "| %s | %,d | %d | %d | %.1f | %,.0f | %s | %,.0f | %,.0f | %,.0f | %,.0f |%n";

    private final Path folder;
    private final int jobs;
    private final String[] options;
    private final PrintStream out = System.out;

    private Jobs(Path folder, int jobs, String[] options) {
        this.folder = folder;
        this.jobs = jobs;
        this.options = options;
    }

    public static void main(String... args) throws Exception {
        var options = List.of(args).subList(2, args.length).toArray(String[]::new);
        var bench = new Jobs(Path.of(args[0]), Integer.parseInt(args[1]), options);
        bench.out.println(
                "| brokers | jobs | partitions | upstream ms | s | jobs/s | in flight, mean and peak | CPU µs/job | RSS MB | heap MB | live MB |");
        bench.out.println("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        bench.alone();
        bench.together();
        System.exit(0); // PostgreSQL ends with it
    }

    /** One process with its own Kafka, database and simulator. */
    private void alone() throws Exception {
        try (var upstream = new SlowUpstream();
                var broker = BrokerProcess.serving(folder.resolve("alone"), Map.of(), options)) {
            upstream.addTo(broker);
            var all = List.of(broker);
            measure("warm-up", all, null, Math.min(jobs, 10_000), 12, 0);
            measure("one, all in one process", all, null, jobs, 1, 0);
            measure("one, all in one process", all, null, jobs, 12, 0);
            measure("one, all in one process", all, upstream, 10_000, 12, SlowUpstream.MILLIS);
            measure("one, all in one process", all, upstream, 10_000, 1, SlowUpstream.MILLIS);
        }
    }

    /** One instance and two, on the same Kafka and PostgreSQL, which are processes of their own. */
    private void together() throws Exception {
        try (var kafka = KafkaProcess.start(folder.resolve("kafka"))) {
            var shared = Map.of(
                    "CARAVAN_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(),
                    "CARAVAN_DB_URL", Postgres.shared().newDatabase(),
                    "CARAVAN_DB_USER", Postgres.USER,
                    "CARAVAN_DB_PASSWORD", "any",
                    "CARAVAN_MASTER_KEY", "the master key of both");
            try (var upstream = new SlowUpstream();
                    var one = BrokerProcess.serving(folder.resolve("one"), shared, options)) {
                upstream.addTo(one);
                bothWays("one, Kafka and PostgreSQL apart", List.of(one), upstream);
                try (var two = BrokerProcess.serving(folder.resolve("two"), shared, options)) {
                    bothWays("two, Kafka and PostgreSQL apart", List.of(one, two), upstream);
                }
            }
        }
    }

    /** Where the processor is the bound, and where the number in flight is. */
    private void bothWays(String what, List<BrokerProcess> brokers, SlowUpstream upstream) throws Exception {
        measure("warm-up", brokers, null, jobs, 12, 0);
        measure(what, brokers, null, jobs, 12, 0);
        measure(what, brokers, upstream, 20_000, 12, SlowUpstream.MILLIS);
    }

    private void measure(
            String what, List<BrokerProcess> brokers, SlowUpstream upstream, int count, int partitions, int delay)
            throws Exception {
        var cpu = brokers.stream().map(Used::of).mapToDouble(Used::cpuSeconds).sum();
        var model = upstream == null ? "sim-echo" : SlowUpstream.MODEL;
        var seconds = new Sender(brokers.getFirst().kafka()).send(model, count, partitions);
        var after = brokers.stream().map(Used::of).toList();
        var spent = after.stream().mapToDouble(Used::cpuSeconds).sum() - cpu;
        if (what.equals("warm-up")) {
            return;
        }
        out.printf(
                ROW,
                what,
                count,
                partitions,
                delay,
                seconds,
                count / seconds,
                upstream == null ? "" : upstream.inFlight(),
                spent * 1e6 / count,
                after.stream().mapToDouble(Used::residentMegabytes).sum(),
                after.stream().mapToDouble(Used::heapMegabytes).sum(),
                brokers.stream().mapToDouble(Used::liveMegabytes).sum());
    }
}
