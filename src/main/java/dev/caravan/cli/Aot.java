package dev.caravan.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
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

    private static final Path HOME =
            Path.of(System.getProperty("caravan.home", ".")).toAbsolutePath();
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
        var home = home(folder, port);
        var builder = new ProcessBuilder(command(cache, home))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().keySet().retainAll(Set.of("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "TZ"));
        var broker = builder.start();
        var stop = new Thread(() -> abandon(broker, folder));
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

    /** Nothing of the user's: what they have configured, their Kafka above all, must not see the training. */
    private static Path home(Path folder, int port) throws IOException {
        var home = folder.resolve("home");
        for (var name : List.of("routes", "kafka")) {
            Files.createDirectories(home.resolve(name));
            try (var files = Files.list(HOME.resolve(name))) {
                for (var file : files.filter(Files::isRegularFile).toList()) {
                    Files.copy(file, home.resolve(name).resolve(file.getFileName()));
                }
            }
        }
        var config = Files.createDirectory(home.resolve("config"));
        Files.writeString(config.resolve("application.yaml"), """
                caravan:
                  host: 127.0.0.1
                  port: %d
                  data: "%s"
                  kafka:
                    port: %d
                """.formatted(port, folder.resolve("data"), freePort()));
        Files.writeString(config.resolve("providers.yaml"), """
                providers:
                  - name: simulator
                    type: openai-compatible
                    base_url: ${caravan.simulator.url}
                    models: [sim-echo]
                """);
        return home;
    }

    private static List<String> command(Path cache, Path home) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + HOME.resolve("config").resolve("jvm.options"),
                // Large heaps have other references, for which no cache would fit that is made with small ones.
                "-Xmx1g",
                "-XX:AOTCacheOutput=" + cache,
                "-Xlog:aot*=off,cds*=off",
                "-Dcaravan.home=" + home,
                "-jar",
                jar().toString(),
                "serve");
    }

    private static void abandon(Process broker, Path folder) {
        broker.descendants().forEach(ProcessHandle::destroyForcibly);
        broker.destroyForcibly().onExit().join();
        try {
            delete(folder);
        } catch (IOException e) {
            System.err.println("Left behind: " + e.getMessage());
        }
    }

    /** As the launcher named it: the cache holds only for the very same path. */
    private static Path jar() {
        return Path.of(System.getProperty("java.class.path")).toAbsolutePath();
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
