package bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;

/** Who takes part: the mock upstream, the load generator, and the targets that are measured with them. */
record Field(Child upstream, Child load, List<Target> targets) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static long nextMark = 1;

    /** Measures one target once. */
    Round round(Case what, Target target, int number, int seconds) throws InterruptedException {
        Cpu.whenQuiet(target.pid());
        var counted = count();
        var before = Cpu.of(target.pid());
        var loadBefore = Cpu.of(load.pid());
        var upstreamBefore = Cpu.of(upstream.pid());
        var result = ask(target.plan(what, seconds, nextMark));
        var after = Cpu.of(target.pid());
        var loadAfter = Cpu.of(load.pid());
        var upstreamAfter = Cpu.of(upstream.pid());
        var reached = count() - counted;
        var quiet = Cpu.whenQuiet(target.pid());
        nextMark += result.requests();
        var requests = Math.max(1.0, result.requests());
        var cpu = (after.micros() - before.micros()) / requests;
        return new Round(
                what,
                target,
                number,
                result,
                reached,
                cpu,
                cpu - Math.max(0, after.jitMicros() - before.jitMicros()) / requests,
                (quiet.micros() - after.micros()) / requests,
                quiet.rssBytes(),
                (loadAfter.micros() - loadBefore.micros()) / requests,
                (upstreamAfter.micros() - upstreamBefore.micros()) / requests);
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
