package bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Looks at a process each second: its memory, and what its compiler threads use. Those come and go, and with a thread
 * its figure goes. Thread-safe.
 */
final class Watch implements AutoCloseable {

    private static final int QUIET_LOOK_MILLIS = 500;
    private static final int QUIET_MICROS = 50_000;

    private final long pid;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().factory());
    private final Map<String, Long> jitSeen = new HashMap<>();
    private final List<Long> rssBytes = new ArrayList<>();
    private long micros;
    private long jitMicros;
    private long lapMicros;
    private long lapJitMicros;

    private Watch(long pid) {
        this.pid = pid;
    }

    static Watch start(long pid) {
        var watch = new Watch(pid);
        watch.lap();
        watch.rssBytes.clear();
        watch.timer.scheduleAtFixedRate(watch::look, 1, 1, TimeUnit.SECONDS);
        return watch;
    }

    /** What it used since this was asked last. */
    synchronized Used lap() {
        look();
        var used = new Used(micros - lapMicros, jitMicros - lapJitMicros);
        lapMicros = micros;
        lapJitMicros = jitMicros;
        return used;
    }

    /** Its memory, second by second. */
    synchronized List<Long> rssBytes() {
        return List.copyOf(rssBytes);
    }

    /** Waits until it uses little (a tenth of a core for half a second), at most so long; whether it came to that. */
    static boolean untilQuiet(long pid, int seconds) throws InterruptedException {
        if (pid == 0) {
            return true;
        }
        var before = Cpu.of(pid).micros();
        for (var i = 0; i < seconds * 1000 / QUIET_LOOK_MILLIS; i++) {
            Thread.sleep(QUIET_LOOK_MILLIS);
            var now = Cpu.of(pid).micros();
            if (now - before < QUIET_MICROS) {
                return true;
            }
            before = now;
        }
        return false;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    private synchronized void look() {
        var now = Cpu.of(pid);
        micros = now.micros();
        now.jitMicros().forEach((thread, used) -> {
            jitMicros += Math.max(0, used - jitSeen.getOrDefault(thread, 0L));
            jitSeen.put(thread, used);
        });
        rssBytes.add(now.rssBytes());
    }
}
