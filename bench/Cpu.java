package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * CPU time that a process has used so far, and its memory now; read from {@code /proc}.
 *
 * @param micros user and system time of all its threads, those that have ended included
 * @param jitMicros the part of each compiler thread that lives, by the thread's number
 * @param rssBytes its resident memory
 */
record Cpu(long micros, Map<String, Long> jitMicros, long rssBytes) {

    private static final long MICROS_PER_TICK = 10_000;
    private static final Cpu NONE = new Cpu(0, Map.of(), 0);

    /** Zeroes for pid 0. */
    static Cpu of(long pid) {
        var process = Path.of("/proc", Long.toString(pid));
        if (pid == 0 || !Files.exists(process)) {
            return NONE;
        }
        try (var tasks = Files.list(process.resolve("task"))) {
            var jit = new HashMap<String, Long>();
            for (var task : tasks.toList()) {
                if (compiles(task)) {
                    jit.put(task.getFileName().toString(), micros(task));
                }
            }
            var pages =
                    Long.parseLong(Files.readString(process.resolve("statm")).split(" ")[1]);
            return new Cpu(micros(process), jit, pages * 4096);
        } catch (IOException e) {
            return NONE;
        }
    }

    /** What the whole machine has used so far, other machines' use of its cores included. */
    static long machineMicros() {
        try (var lines = Files.lines(Path.of("/proc/stat"))) {
            var fields = lines.findFirst().orElseThrow().split(" +");
            var ticks = Stream.of(1, 2, 3, 6, 7, 8) // user, nice, system, irq, softirq, steal
                    .mapToLong(field -> Long.parseLong(fields[field]))
                    .sum();
            return ticks * MICROS_PER_TICK;
        } catch (IOException e) {
            return 0;
        }
    }

    private static boolean compiles(Path task) {
        try {
            var name = Files.readString(task.resolve("comm"));
            return name.startsWith("C1 Compiler") || name.startsWith("C2 Compiler");
        } catch (IOException e) {
            return false; // The thread has ended.
        }
    }

    private static long micros(Path task) {
        try {
            var stat = Files.readString(task.resolve("stat"));
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * MICROS_PER_TICK;
        } catch (IOException e) {
            return 0;
        }
    }
}
