package bench;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The command line.
 *
 * @param starts how often each way to start the broker is measured; 0 if not at all
 * @param cases what is measured under load
 * @param targets names of what is measured: broker, reference, simulator, direct
 * @param against base url of another gateway, which must ask the mock at {@code upstreamPort}
 * @param key the key for it
 * @param headers headers for it, each {@code name: value}
 * @param pid its process, whose CPU and memory are told; 0 if unknown
 * @param upstreamPort the mock's port; 0 for any
 * @param profile whether the gateways run under Flight Recorder
 */
record Options(
        int starts,
        List<Case> cases,
        List<String> targets,
        Optional<URI> against,
        String key,
        List<String> headers,
        long pid,
        int upstreamPort,
        boolean profile) {

    static final String USAGE = """
            bench/run [--cases start,instant-32,instant-256,slow,streams,large,soak]
                      [--targets broker,reference,direct,simulator]
                      [--connections N] [--seconds N] [--warm-up N] [--rounds N] [--starts N] [--profile]
                      [--against URL [--key K] [--header 'NAME: VALUE']... [--pid PID]] [--upstream-port PORT]
            Measures the broker, a plain reference and the mock upstream itself by turns, in one run. Writes the report
            to bench/target/report.md, beside it report.svg, rounds.csv, memory.csv and starts.csv. Exits with 1 if an
            answer was wrong or the upstream counted other requests than the clients.""";

    private static final String START = "start";
    private static final String ALL = "start,instant-32,instant-256,slow,streams,large,soak";
    private static final Set<String> TARGETS = Set.of("broker", "reference", "direct", "simulator");

    static Options parse(String... args) {
        var cases = ALL;
        var targets = "broker,reference,direct";
        Optional<URI> against = Optional.empty();
        var key = Broker.KEY;
        var headers = new ArrayList<String>();
        var pid = 0L;
        var upstreamPort = 0;
        var profile = false;
        var connections = 0;
        var seconds = 0;
        var warmUp = -1;
        var rounds = 0;
        var starts = 10;
        for (var i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--cases" -> cases = args[++i];
                case "--targets" -> targets = args[++i];
                case "--against" -> against = Optional.of(http(args[++i]));
                case "--key" -> key = args[++i];
                case "--header" -> headers.add(args[++i]);
                case "--pid" -> pid = Long.parseLong(args[++i]);
                case "--upstream-port" -> upstreamPort = Integer.parseInt(args[++i]);
                case "--profile" -> profile = true;
                case "--connections" -> connections = positive(args[i], args[++i]);
                case "--seconds" -> seconds = positive(args[i], args[++i]);
                case "--warm-up" -> warmUp = Integer.parseInt(args[++i]);
                case "--rounds" -> rounds = positive(args[i], args[++i]);
                case "--starts" -> starts = positive(args[i], args[++i]);
                default -> throw new IllegalArgumentException("Unknown option " + args[i]);
            }
        }
        var names = List.of(cases.split(","));
        var adjusted = new ArrayList<Case>();
        for (var name : names) {
            if (!name.equals(START)) {
                adjusted.add(adjust(Case.named(name), connections, seconds, warmUp, rounds));
            }
        }
        return new Options(
                names.contains(START) ? starts : 0,
                adjusted,
                targets(targets),
                against,
                key,
                headers,
                pid,
                upstreamPort,
                profile);
    }

    private static List<String> targets(String names) {
        var targets = List.of(names.split(","));
        for (var name : targets) {
            if (!TARGETS.contains(name)) {
                throw new IllegalArgumentException("There is no target " + name + ": there are " + TARGETS);
            }
        }
        return targets;
    }

    private static URI http(String url) {
        var uri = URI.create(url);
        if (!"http".equals(uri.getScheme()) || uri.getHost() == null) {
            throw new IllegalArgumentException("--against takes an http:// url with a host, not " + url);
        }
        return uri;
    }

    private static int positive(String option, String value) {
        var number = Integer.parseInt(value);
        if (number < 1) {
            throw new IllegalArgumentException(option + " takes a whole number above 0, not " + value);
        }
        return number;
    }

    private static Case adjust(Case usual, int connections, int seconds, int warmUp, int rounds) {
        return new Case(
                usual.name(),
                connections > 0 ? connections : usual.connections(),
                usual.model(),
                usual.promptBytes(),
                usual.perSecond(),
                warmUp >= 0 ? warmUp : usual.warmUpSeconds(),
                rounds > 0 ? rounds : usual.rounds(),
                seconds > 0 ? seconds : usual.seconds());
    }
}
