package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Starts everything, measures all targets by turns, and reports. See README.md beside this file. */
final class Bench {

    private Bench() {}

    public static void main(String... args) throws Exception {
        Options options;
        try {
            options = Options.parse(args);
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            System.err.println(e.getMessage() + "\n" + Options.USAGE);
            System.exit(2);
            return;
        }
        Files.createDirectories(Child.TARGET);
        System.exit(run(options) ? 0 : 1);
    }

    private static boolean run(Options options) throws IOException, InterruptedException {
        var children = new ArrayList<Child>();
        try {
            var rounds = measure(options, field(options, children));
            report(new Report(rounds));
            return rounds.stream().allMatch(Round::isRight);
        } finally {
            children.reversed().forEach(Child::close);
        }
    }

    private static Field field(Options options, List<Child> children) throws IOException, InterruptedException {
        var upstream = added(children, Child.start(Child.SMALL, Upstream.class, "" + options.upstreamPort()));
        var load = added(children, Child.start(Child.SMALL, Load.class));
        var targets = new ArrayList<Target>();
        for (var name : options.targets()) {
            targets.add(
                    switch (name) {
                        case "broker" -> {
                            var broker = Broker.start(upstream.port(), options);
                            added(children, broker.process());
                            yield broker.target();
                        }
                        case "reference" -> started(name, Reference.class, children, "" + upstream.port());
                        case "simulator" -> {
                            var echo = added(children, Child.start(Child.GATEWAY, Echo.class));
                            yield Target.simulator(echo.port(), echo.pid());
                        }
                        case "direct" -> Target.local(name, upstream.port(), "sk-mock", upstream.pid());
                        default -> throw new IllegalArgumentException("There is no target " + name);
                    });
        }
        if (!options.against().isEmpty()) {
            targets.add(Target.other(options));
        }
        return new Field(upstream, load, targets);
    }

    private static Target started(String name, Class<?> program, List<Child> children, String argument) {
        var child = added(children, Child.start(Child.GATEWAY, program, argument));
        return Target.local(name, child.port(), Broker.KEY, child.pid());
    }

    private static Child added(List<Child> children, Child child) {
        children.add(child);
        return child;
    }

    private static List<Round> measure(Options options, Field field) throws InterruptedException {
        var rounds = new ArrayList<Round>();
        for (var what : options.cases()) {
            for (var target : field.targets()) {
                if (what.warmUpSeconds() > 0) {
                    say(field.round(what, target, 0, what.warmUpSeconds()));
                }
            }
            for (var number = 1; number <= what.rounds(); number++) {
                for (var target : field.targets()) {
                    var round = field.round(what, target, number, what.seconds());
                    say(round);
                    rounds.add(round);
                }
            }
        }
        return rounds;
    }

    private static void say(Round round) {
        System.err.printf(
                "%s, %s, %s: %,.0f requests/s, %.1f µs%n",
                round.what().name(),
                round.target().name(),
                round.number() == 0 ? "warm-up" : "round " + round.number(),
                round.perSecond(),
                round.cpu());
        if (!round.isRight()) {
            System.err.println(round.problem());
        }
    }

    private static void report(Report report) throws IOException {
        System.out.printf(
                "%s, JDK %s, %d cores, load average before the report %s%n%n",
                LocalDateTime.now().truncatedTo(ChronoUnit.MINUTES),
                Runtime.version(),
                Runtime.getRuntime().availableProcessors(),
                Files.readString(Path.of("/proc/loadavg")).split(" ")[0]);
        System.out.print(report.markdown());
        report.writeCsv(Child.TARGET.resolve("rounds.csv"));
    }
}
