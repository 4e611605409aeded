package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.util.FileSystemUtils;

/** Starts everything, measures all targets by turns, and reports. See README.md beside this file. */
final class Bench {

    private static final Path DATA = Child.TARGET.resolve("data");
    private static final int MOST_WARM_UPS = 6;
    private static final Profile BROKER_PROFILE = new Profile("broker");
    private static final Profile REFERENCE_PROFILE = new Profile("reference");

    private final Options options;
    private final List<Child> children = new ArrayList<>();
    private List<String> flags = List.of();

    private Bench(Options options) {
        this.options = options;
    }

    public static void main(String... args) throws Exception {
        var options = Options.parse(args);
        Files.createDirectories(Child.TARGET);
        System.exit(new Bench(options).run() ? 0 : 1);
    }

    private boolean run() throws IOException, InterruptedException {
        try {
            var setting = Setting.now(options.profile());
            var starts = options.starts() == 0 ? List.<Start>of() : Start.measure(options.starts(), Bench::say);
            var rounds = options.cases().isEmpty() ? List.<Round>of() : load();
            var measured = new Measured(setting.with(flags), starts, rounds);
            var report = new Report(measured);
            report.write(Child.TARGET);
            System.out.print(report.markdown());
            return measured.isRight();
        } finally {
            children.reversed().forEach(Child::close);
            FileSystemUtils.deleteRecursively(DATA);
            if (options.profile()) {
                BROKER_PROFILE.writeViews();
                REFERENCE_PROFILE.writeViews();
            }
        }
    }

    private List<Round> load() throws IOException, InterruptedException {
        var upstream = added(Child.start(Child.SMALL, Upstream.class, "" + options.upstreamPort()));
        var generator = added(Child.start(Child.SMALL, Load.class));
        try (var field = new Field(upstream, generator, targets(upstream))) {
            return rounds(field);
        }
    }

    private List<Target> targets(Child upstream) throws IOException, InterruptedException {
        var targets = new ArrayList<Target>();
        if (options.measures("broker") || options.measures("reference")) {
            var broker = Broker.start(DATA.resolve("broker"), Map.of(), profile(BROKER_PROFILE));
            flags = broker.flags();
            if (options.measures("broker")) {
                added(broker.process());
                broker.addProvider(upstream.port(), options.cases());
                targets.add(broker.target());
            } else {
                broker.process().close(); // It was asked for its flags.
            }
        }
        if (options.before().isPresent()) {
            var before = options.before().get();
            var broker = Broker.start("before", before, DATA.resolve("before"), Map.of(), List.of());
            added(broker.process());
            broker.addProvider(upstream.port(), options.cases());
            targets.add(broker.target());
        }
        if (options.measures("reference")) {
            targets.add(started("reference", Reference.class, profile(REFERENCE_PROFILE), "" + upstream.port()));
        }
        if (options.measures("simulator")) {
            var echo = added(Child.start(flags, Echo.class));
            targets.add(Target.simulator(echo.port(), echo.pid()));
        }
        options.against().ifPresent(url -> targets.add(Target.other(options)));
        if (options.measures(Target.DIRECT)) {
            targets.add(Target.local(Target.DIRECT, upstream.port(), "sk-mock", upstream.pid()));
        }
        return targets;
    }

    private Target started(String name, Class<?> program, List<String> more, String argument) {
        var all = new ArrayList<>(flags);
        all.addAll(more);
        var child = added(Child.start(all, program, argument));
        return Target.local(name, child.port(), Broker.KEY, child.pid());
    }

    private List<String> profile(Profile profile) {
        return options.profile() ? List.of(profile.flag()) : List.of();
    }

    private Child added(Child child) {
        children.add(child);
        return child;
    }

    private List<Round> rounds(Field field) throws InterruptedException {
        var rounds = new ArrayList<Round>();
        for (var what : options.cases()) {
            var targets = field.targets().stream()
                    .filter(target -> !what.soaks() || !target.isUpstream())
                    .toList();
            for (var target : targets) {
                warmUp(field, what, target, rounds);
            }
            for (var number = 1; number <= what.rounds(); number++) {
                for (var target : targets) {
                    rounds.add(said(field.round(what, target, number, what.seconds())));
                }
            }
        }
        return rounds;
    }

    /** Asks until the target's compiler threads have little left to do, or it takes too long. */
    private static void warmUp(Field field, Case what, Target target, List<Round> rounds) throws InterruptedException {
        if (what.warmUpSeconds() == 0) {
            return;
        }
        for (var time = 0; time < MOST_WARM_UPS; time++) {
            var round = said(field.round(what, target, 0, what.warmUpSeconds()));
            rounds.add(round);
            if (!round.compiles()) {
                return;
            }
        }
    }

    private static Round said(Round round) {
        say(round);
        return round;
    }

    private static void say(Round round) {
        System.err.printf(
                "%s, %s, %s: %,.0f requests/s, %.1f µs%n",
                round.what().name(),
                round.target().name(),
                round.name(),
                round.result().answersPerSecond(),
                round.cpu());
        if (!round.isRight()) {
            System.err.println(round.problem());
        }
    }

    private static void say(Start start) {
        System.err.printf("start %d, %s: %.2f s%n", start.number(), start.kind().description, start.seconds());
    }
}
