package bench;

import java.util.ArrayList;
import java.util.List;

/**
 * The command line.
 *
 * @param cases what is measured
 * @param targets names of what is measured: broker, reference, simulator, direct
 * @param against base url of another gateway, which must ask the mock at {@code upstreamPort}; empty for none
 * @param key the key for it
 * @param headers headers for it, each {@code name: value}
 * @param pid its process, whose CPU and memory are told; 0 if unknown
 * @param upstreamPort the mock's port; 0 for any
 * @param profile whether the broker runs under Flight Recorder
 */
record Options(
        List<Case> cases,
        List<String> targets,
        String against,
        String key,
        List<String> headers,
        long pid,
        int upstreamPort,
        boolean profile) {

    static final String USAGE = """
            bench/run [--cases instant,slow,streams,large,soak] [--targets broker,reference,simulator,direct]
                      [--connections N] [--seconds N] [--warm-up N] [--rounds N] [--profile]
                      [--against URL [--key K] [--header 'NAME: VALUE']... [--pid PID]] [--upstream-port PORT]
            Measures the broker and a plain reference by turns, in one run, with the same mock upstream. Writes a table
            to the standard output and all rounds to bench/target/rounds.csv. Exits with 1 if an answer was wrong or
            the upstream counted other requests than the clients.""";

    static Options parse(String... args) {
        var cases = "instant";
        var targets = "broker,reference";
        var against = "";
        var key = "bench-key";
        var headers = new ArrayList<String>();
        var pid = 0L;
        var upstreamPort = 0;
        var profile = false;
        var connections = 0;
        var seconds = 0;
        var warmUp = -1;
        var rounds = 0;
        for (var i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--cases" -> cases = args[++i];
                case "--targets" -> targets = args[++i];
                case "--against" -> against = args[++i];
                case "--key" -> key = args[++i];
                case "--header" -> headers.add(args[++i]);
                case "--pid" -> pid = Long.parseLong(args[++i]);
                case "--upstream-port" -> upstreamPort = Integer.parseInt(args[++i]);
                case "--profile" -> profile = true;
                case "--connections" -> connections = Integer.parseInt(args[++i]);
                case "--seconds" -> seconds = Integer.parseInt(args[++i]);
                case "--warm-up" -> warmUp = Integer.parseInt(args[++i]);
                case "--rounds" -> rounds = Integer.parseInt(args[++i]);
                default -> throw new IllegalArgumentException("Unknown option " + args[i]);
            }
        }
        var adjusted = new ArrayList<Case>();
        for (var name : cases.split(",")) {
            adjusted.add(adjust(Case.named(name), connections, seconds, warmUp, rounds));
        }
        return new Options(adjusted, List.of(targets.split(",")), against, key, headers, pid, upstreamPort, profile);
    }

    private static Case adjust(Case usual, int connections, int seconds, int warmUp, int rounds) {
        return new Case(
                usual.name(),
                connections > 0 ? connections : usual.connections(),
                usual.model(),
                usual.promptBytes(),
                warmUp >= 0 ? warmUp : usual.warmUpSeconds(),
                rounds > 0 ? rounds : usual.rounds(),
                seconds > 0 ? seconds : usual.seconds());
    }
}
