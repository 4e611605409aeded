package dev.caravan.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts a Kafka in a JVM of its own, from the packaged program and its cache, with which it starts in half the time. */
final class KafkaJvm {

    private KafkaJvm() {}

    /**
     * Starts one and returns at once.
     *
     * @param log where its output goes
     * @param heap how much it may take, as {@code -Xmx} wants it
     * @param main the class that is started
     */
    static Process start(Path log, String heap, String main, String... arguments) {
        var target = Path.of("target").toAbsolutePath();
        var command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "@" + target.resolveSibling("config/jvm.options"),
                "-Xmx" + heap,
                "-XX:TieredStopAtLevel=1",
                "-XX:AOTCache=" + target.resolve("caravan.aot"), // where there is none, the start is slower
                "-Xlog:aot*=off,cds*=off",
                "-cp",
                target.resolve("caravan.jar") + ":" + target.resolve("test-classes"),
                main));
        command.addAll(List.of(arguments));
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
