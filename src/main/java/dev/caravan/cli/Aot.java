package dev.caravan.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/**
 * Makes the ahead-of-time cache with which {@code serve} starts faster: runs the broker on loopback with an empty data
 * folder, sends it requests, stops it, and has Java write down what it has loaded, linked and learnt.
 *
 * @see <a href="https://openjdk.org/jeps/514">JEP 514</a>, and <a href="https://openjdk.org/jeps/515">JEP 515</a> on profiles
 */
@Command(
        name = "aot",
        description = "Make the cache with which 'serve' starts faster; takes about half a minute.",
        mixinStandardHelpOptions = true)
final class Aot implements Callable<Integer> {

    private static final Duration LONGEST_STOP = Duration.ofMinutes(3);

    @Option(names = "--output", description = "The cache's file. Default: caravan.aot beside caravan.jar.")
    private Path output = jar().resolveSibling("caravan.aot");

    @Override
    public Integer call() throws IOException, InterruptedException {
        var folder = Files.createTempDirectory("caravan-aot");
        try {
            var made = folder.resolve("caravan.aot");
            var log = folder.resolve("log");
            if (!train(folder, made, log) || !Files.exists(made)) {
                System.err.println("No AOT cache was made, so 'serve' starts slower. What the broker said:");
                System.err.println(Files.readString(log));
                return ExitCode.SOFTWARE;
            }
            Files.move(made, output, StandardCopyOption.REPLACE_EXISTING);
            return ExitCode.OK;
        } finally {
            delete(folder);
        }
    }

    private static boolean train(Path folder, Path cache, Path log) throws IOException, InterruptedException {
        var port = freePort();
        var builder =
                new ProcessBuilder(command(cache)).redirectErrorStream(true).redirectOutput(log.toFile());
        var environment = builder.environment();
        environment.keySet().removeIf(Aot::configures);
        environment.put("CARAVAN_DATA", folder.resolve("data").toString());
        environment.put("SERVER_PORT", String.valueOf(port));
        environment.put("SERVER_HOST", "127.0.0.1");
        environment.put("CARAVAN_KAFKA_PORT", String.valueOf(freePort()));
        var broker = builder.start();
        var stop = new Thread(broker::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(stop);
        try {
            var trained = new AotTraining(port).run(broker::isAlive);
            broker.destroy();
            return broker.waitFor(LONGEST_STOP.toSeconds(), TimeUnit.SECONDS) && trained;
        } finally {
            broker.destroyForcibly();
            Runtime.getRuntime().removeShutdownHook(stop);
        }
    }

    private static List<String> command(Path cache) {
        var home = System.getProperty("caravan.home", ".");
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@" + Path.of(home, "config", "jvm.options"));
        command.add("-XX:AOTCacheOutput=" + cache);
        command.add("-Xlog:aot*=off,cds*=off");
        command.add("-Dcaravan.home=" + home);
        command.addAll(List.of("-jar", jar().toString(), "serve"));
        return command;
    }

    /** The training must not reach what the user's own broker uses. */
    private static boolean configures(String variable) {
        return variable.startsWith("CARAVAN_")
                || variable.endsWith("_API_KEY")
                || List.of("API_KEY", "BASE_URL", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS")
                        .contains(variable);
    }

    /** As the launcher named it: the cache holds only for the very same path. */
    private static Path jar() {
        return Path.of(System.getProperty("java.class.path"));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
