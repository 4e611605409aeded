package bench.batch;

import dev.caravan.testing.BrokerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * What a process has taken by now.
 *
 * @param cpuSeconds of all its threads since its start
 * @param residentMegabytes of the machine's memory
 * @param heapMegabytes that its heap has got of that
 */
record Used(double cpuSeconds, double residentMegabytes, double heapMegabytes) {

    private static final double TICKS = 100; // of /proc, by the second
    private static final Pattern HEAP = Pattern.compile("garbage-first heap +total reserved \\d+K, committed (\\d+)K, used (\\d+)K");

    static Used of(BrokerProcess broker) {
        try {
            var stat = Files.readString(Path.of("/proc", String.valueOf(broker.pid()), "stat"));
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            var resident = Files.readAllLines(Path.of("/proc", String.valueOf(broker.pid()), "status")).stream()
                    .filter(line -> line.startsWith("VmRSS"))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
                    .sum();
            return new Used(
                    (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS, resident, heap(broker, 1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is left of the heap after a full collection. */
    static double liveMegabytes(BrokerProcess broker) {
        jcmd(broker, "GC.run");
        return heap(broker, 2);
    }

    private static double heap(BrokerProcess broker, int figure) {
        var found = HEAP.matcher(jcmd(broker, "GC.heap_info"));
        return found.find() ? Double.parseDouble(found.group(figure)) / 1024 : Double.NaN;
    }

    private static String jcmd(BrokerProcess broker, String command) {
        var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        try {
            var process = new ProcessBuilder(jcmd, String.valueOf(broker.pid()), command).start();
            return new String(process.getInputStream().readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
