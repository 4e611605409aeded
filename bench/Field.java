package bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where it takes place: the mock upstream, the load generator, and the targets that are measured with them. */
final class Field implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SECONDS_TO_BE_QUIET = 60;

    private final Child upstream;
    private final Child load;
    private final List<Target> targets;
    private final Map<Target, Jvm> jvms = new HashMap<>();
    private long nextMark = 1;

    /** Returns when all targets are quiet. */
    Field(Child upstream, Child load, List<Target> targets) throws InterruptedException {
        this.upstream = upstream;
        this.load = load;
        this.targets = targets;
        for (var target : targets) {
            if (target.pid() != 0 && !target.isUpstream()) {
                Jvm.of(target.pid()).ifPresent(jvm -> jvms.put(target, jvm));
            }
            Watch.untilQuiet(target.pid(), SECONDS_TO_BE_QUIET);
        }
    }

    List<Target> targets() {
        return targets;
    }

    /** Measures one target once, until it is quiet again; number 0 is its warm-up. */
    Round round(Case what, Target target, int number, int seconds) throws InterruptedException {
        var jvm = Optional.ofNullable(jvms.get(target));
        var soak = what.soaks() && number > 0;
        var liveBefore = live(soak, jvm);
        var allocated = allocated(jvm);
        var machine = Cpu.machineMicros();
        var counted = count();
        try (var watch = Watch.start(target.pid());
                var loadWatch = Watch.start(load.pid());
                var upstreamWatch = Watch.start(upstream.pid())) {
            var result = ask(target.plan(what, seconds, nextMark));
            nextMark += result.requests();
            var asked = watch.lap();
            var rss = watch.rssBytes();
            var loadUsed = loadWatch.lap();
            var upstreamUsed = upstreamWatch.lap();
            var all = Cpu.machineMicros() - machine;
            var ours = loadUsed.micros() + upstreamUsed.micros() + (target.isUpstream() ? 0 : asked.micros());
            var reached = count() - counted;
            var quiet = Watch.untilQuiet(target.pid(), SECONDS_TO_BE_QUIET);
            var afterwards = watch.lap();
            return new Round(
                    what,
                    target,
                    number,
                    result,
                    reached,
                    asked,
                    afterwards,
                    quiet,
                    allocated(jvm) - allocated,
                    rss,
                    new Round.Live(liveBefore, live(soak, jvm)),
                    loadUsed,
                    upstreamUsed,
                    target.pid() == 0 ? Double.NaN : Math.max(0, all - ours));
        }
    }

    @Override
    public void close() {
        jvms.values().forEach(Jvm::close);
    }

    private static double allocated(Optional<Jvm> jvm) {
        return jvm.map(Jvm::allocatedBytes).map(Long::doubleValue).orElse(Double.NaN);
    }

    private static double live(boolean wanted, Optional<Jvm> jvm) {
        return jvm.filter(known -> wanted)
                .map(Jvm::liveBytes)
                .map(Long::doubleValue)
                .orElse(Double.NaN);
    }

    private long count() {
        return Long.parseLong(upstream.ask("count"));
    }

    private Result ask(Plan plan) {
        try {
            return JSON.readValue(load.ask(JSON.writeValueAsString(plan)), Result.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The load generator does not speak its own language", e);
        }
    }
}
