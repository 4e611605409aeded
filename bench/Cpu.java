package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * CPU time that a process has used so far, and its memory now; read from {@code /proc}.
 *
 * @param micros user and system time of all its threads, those that have ended included
 * @param jitMicros the part of the compiler threads that live
 * @param rssBytes its resident memory
 */
record Cpu(long micros, long jitMicros, long rssBytes) {

    private static final long MICROS_PER_TICK = 10_000;

    /** Zeroes for pid 0. */
    static Cpu of(long pid) {
        var process = Path.of("/proc", Long.toString(pid));
        if (pid == 0 || !Files.exists(process)) {
            return new Cpu(0, 0, 0);
        }
        try (var tasks = Files.list(process.resolve("task"))) {
            var jit = 0L;
            for (var task : tasks.toList()) {
                jit += compilerMicros(task);
            }
            var pages = Long.parseLong(Files.readString(process.resolve("statm")).split(" ")[1]);
            return new Cpu(micros(process), jit, pages * 4096);
        } catch (IOException e) {
            return new Cpu(0, 0, 0);
        }
    }

    /** Waits until a process has little left to do (under 10 % of a core for a second), but at most 15 seconds. */
    static Cpu whenQuiet(long pid) throws InterruptedException {
        var before = of(pid);
        for (var i = 0; i < 15; i++) {
            Thread.sleep(Duration.ofSeconds(1));
            var now = of(pid);
            if (now.micros - before.micros < 100_000) {
                return now;
            }
            before = now;
        }
        return before;
    }

    private static long compilerMicros(Path task) {
        try {
            var name = Files.readString(task.resolve("comm"));
            return name.startsWith("C1 Compiler") || name.startsWith("C2 Compiler") ? micros(task) : 0;
        } catch (IOException e) {
            return 0; // The thread has ended.
        }
    }

    private static long micros(Path task) throws IOException {
        var stat = Files.readString(task.resolve("stat"));
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * MICROS_PER_TICK;
    }
}
