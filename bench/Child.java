package bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process of the bench's own. The bench's programs answer each line of their input with one line. */
final class Child implements AutoCloseable {

    /** For the programs that are not measured. */
    static final List<String> SMALL = List.of("-XX:+UseSerialGC", "-Xmn128m");

    /** Where all is written. */
    static final Path TARGET = Path.of(System.getProperty("bench.target", "bench/target"));

    private final Process process;
    private final BufferedReader output;
    private int port;

    private Child(Process process) {
        this.process = process;
        this.output = process.inputReader();
    }

    /** Starts one of the bench's programs and waits until it says on which port it is ready. */
    static Child start(List<String> flags, Class<?> program, String... args) {
        var command = new ArrayList<>(flags);
        command.add(program.getName());
        command.addAll(List.of(args));
        var builder =
                new ProcessBuilder(java(command)).redirectError(logOf(program).toFile());
        try {
            var child = new Child(builder.start());
            child.stopWithBench();
            child.port = Integer.parseInt(child.read());
            return child;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts any program, with none of the user's settings of the broker, and lets it write to a log. */
    static Child start(List<String> command, Map<String, String> environment, Path log) {
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("CARAVAN_") || name.startsWith("SERVER_"));
        builder.environment().putAll(environment);
        try {
            var child = new Child(builder.start());
            child.stopWithBench();
            return child;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One line in, one line out. */
    String ask(String line) {
        try {
            var input = process.outputWriter();
            input.write(line);
            input.newLine();
            input.flush();
            return read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(40, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void stopWithBench() {
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    }

    private String read() throws IOException {
        var line = output.readLine();
        if (line == null) {
            throw new IllegalStateException("A program of the bench ended: see the logs in " + TARGET);
        }
        return line;
    }

    private static List<String> java(List<String> arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xlog:disable"); // What it prints is read as answers.
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.addAll(arguments);
        return command;
    }

    private static Path logOf(Class<?> program) {
        return TARGET.resolve(program.getSimpleName().toLowerCase(Locale.ROOT) + ".log");
    }
}
