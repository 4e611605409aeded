package bench;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line. */
@Command(
        name = "bench/run",
        sortOptions = false,
        description = {
            "Measures the broker, a plain reference and the mock upstream itself by turns, in one run. Writes the report to"
                    + " bench/target/report.md, and beside it report.svg, rounds.csv, memory.csv and starts.csv.",
            "Exits with 1 if an answer was wrong or the upstream counted other requests than the clients."
        })
final class Options {

    private static final String START = "start";

    /** What there is to measure. */
    private enum Gateway {
        broker,
        reference,
        direct,
        simulator
    }

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--cases",
            split = ",",
            paramLabel = "CASE",
            defaultValue = "start,instant-32,instant-256,slow,streams,large,soak",
            description = "What is measured (${DEFAULT-VALUE}).")
    private List<String> cases;

    @Option(
            names = "--targets",
            split = ",",
            paramLabel = "TARGET",
            defaultValue = "broker,reference,direct",
            description = "Who is measured: ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    private List<Gateway> targets;

    @Option(names = "--connections", paramLabel = "N", description = "How many clients ask, in each case.")
    private Integer connections;

    @Option(names = "--seconds", paramLabel = "N", description = "How long each round lasts.")
    private Integer seconds;

    @Option(names = "--warm-up", paramLabel = "N", description = "How long one warm-up lasts; 0 for none.")
    private Integer warmUp;

    @Option(names = "--rounds", paramLabel = "N", description = "How often each target is measured.")
    private Integer rounds;

    @Option(
            names = "--starts",
            paramLabel = "N",
            defaultValue = "10",
            description = "How often each way to start is measured (${DEFAULT-VALUE}).")
    private int starts;

    @Option(names = "--profile", description = "Runs broker and reference under Flight Recorder.")
    private boolean profile;

    @Option(
            names = "--before",
            paramLabel = "FOLDER",
            description = "Another version of Caravan, built, to be measured beside this one; see bench/compare.")
    private Path before;

    @Option(
            names = "--against",
            paramLabel = "URL",
            description = "The base url of another gateway, which asks the mock at --upstream-port.")
    private URI against;

    @Option(names = "--key", paramLabel = "KEY", defaultValue = Broker.KEY, description = "The other gateway's key.")
    private String key;

    @Option(
            names = "--header",
            paramLabel = "'NAME: VALUE'",
            description = "A header that the other gateway needs; may be repeated.")
    private List<String> headers = List.of();

    @Option(
            names = "--pid",
            paramLabel = "PID",
            description = "The other gateway's process, whose CPU and memory are told.")
    private long pid;

    @Option(names = "--upstream-port", paramLabel = "PORT", description = "Where the mock listens; else anywhere.")
    private int upstreamPort;

    @Option(names = "--help", usageHelp = true, description = "Says this.")
    private boolean help;

    private List<Case> adjusted;

    private Options() {}

    /** Ends the program if there is nothing to do: with 2, after a word on the standard error, if it was misused. */
    static Options parse(String... arguments) {
        var options = new Options();
        var line = new CommandLine(options);
        try {
            line.parseArgs(arguments);
            if (line.isUsageHelpRequested()) {
                line.usage(System.out);
                System.exit(0);
            }
            options.check();
        } catch (ParameterException e) {
            System.err.println(e.getMessage());
            line.usage(System.err);
            System.exit(2);
        }
        return options;
    }

    /** How often each way to start the broker is measured; 0 if not at all. */
    int starts() {
        return cases.contains(START) ? starts : 0;
    }

    /** What is measured under load. */
    List<Case> cases() {
        return adjusted;
    }

    boolean measures(String target) {
        return targets.contains(Gateway.valueOf(target));
    }

    Optional<Path> before() {
        return Optional.ofNullable(before);
    }

    Optional<URI> against() {
        return Optional.ofNullable(against);
    }

    String key() {
        return key;
    }

    /** Each {@code name: value}. */
    List<String> headers() {
        return headers;
    }

    /** 0 if unknown. */
    long pid() {
        return pid;
    }

    /** 0 for any. */
    int upstreamPort() {
        return upstreamPort;
    }

    boolean profile() {
        return profile;
    }

    private void check() {
        atLeast(1, "--connections", connections);
        atLeast(1, "--seconds", seconds);
        atLeast(0, "--warm-up", warmUp);
        atLeast(1, "--rounds", rounds);
        atLeast(1, "--starts", starts);
        if (against != null && (!"http".equals(against.getScheme()) || against.getHost() == null)) {
            throw wrong("--against takes an http:// url with a host, not " + against);
        }
        if (before != null && !Files.isRegularFile(before.resolve("target/caravan.jar"))) {
            throw wrong("--before takes a folder in which Caravan was built, not " + before);
        }
        adjusted = cases.stream()
                .filter(name -> !name.equals(START))
                .map(this::named)
                .map(this::adjusted)
                .toList();
    }

    private void atLeast(int least, String option, Integer value) {
        if (value != null && value < least) {
            throw wrong(option + " takes a whole number from " + least + " on, not " + value);
        }
    }

    private Case named(String name) {
        return Case.ALL.stream()
                .filter(known -> known.name().equals(name))
                .findFirst()
                .orElseThrow(() -> wrong("There is no case %s: there are start, %s"
                        .formatted(
                                name,
                                String.join(
                                        ", ", Case.ALL.stream().map(Case::name).toList()))));
    }

    private Case adjusted(Case usual) {
        return new Case(
                usual.name(),
                connections == null ? usual.connections() : connections,
                usual.model(),
                usual.promptBytes(),
                usual.perSecond(),
                warmUp == null ? usual.warmUpSeconds() : warmUp,
                rounds == null ? usual.rounds() : rounds,
                seconds == null ? usual.seconds() : seconds);
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
