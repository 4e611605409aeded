package bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Where and when a run took place.
 *
 * @param flags what both gateways' JVMs are told; empty if none of the bench's own was started
 * @param profile whether they ran under Flight Recorder
 */
record Setting(
        LocalDateTime when,
        String commit,
        String processor,
        int cores,
        long memoryGb,
        double loadAverage,
        List<String> flags,
        boolean profile) {

    static Setting now(boolean profile) throws IOException {
        return new Setting(
                LocalDateTime.now().truncatedTo(ChronoUnit.MINUTES),
                describe(),
                value(Path.of("/proc/cpuinfo"), "model name"),
                Runtime.getRuntime().availableProcessors(),
                Long.parseLong(value(Path.of("/proc/meminfo"), "MemTotal").split(" ")[0]) >> 20,
                Double.parseDouble(Files.readString(Path.of("/proc/loadavg")).split(" ")[0]),
                List.of(),
                profile);
    }

    Setting with(List<String> known) {
        return new Setting(when, commit, processor, cores, memoryGb, loadAverage, known, profile);
    }

    String markdown() {
        return "%s, commit %s, JDK %s, %d cores (%s), %d GB, load average before it %s.%s%n"
                .formatted(
                        when,
                        commit,
                        Runtime.version(),
                        cores,
                        processor,
                        memoryGb,
                        loadAverage,
                        flags.isEmpty() ? "" : " Flags of both gateways: `" + String.join(" ", flags) + "`.");
    }

    private static String value(Path file, String name) throws IOException {
        try (var lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(name))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse("0");
        }
    }

    private static String describe() {
        try {
            var git = new ProcessBuilder("git", "describe", "--always", "--dirty").start();
            var said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return said.isEmpty() ? "unknown" : said;
        } catch (IOException e) {
            return "unknown";
        }
    }
}
