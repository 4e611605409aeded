package dev.caravan.testing;

import static org.awaitility.Awaitility.await;

import dev.caravan.embedded.EmbeddedKafka;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;

/** A Kafka in a process of its own, which goes and comes back to the same port with its data. Closing it kills it. */
public final class KafkaProcess implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(60);

    private final Path folder;
    private final int port = BrokerProcess.freePort();
    private Process process;

    private KafkaProcess(Path folder) {
        this.folder = folder;
        this.process = launch();
    }

    /** Starts one and returns when it takes connections. */
    public static KafkaProcess start(Path folder) {
        var kafka = new KafkaProcess(folder);
        kafka.awaitConnections();
        return kafka;
    }

    /** Where clients connect. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** {@code kill -9}. */
    public void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Starts it again after a kill, and returns when it takes connections. */
    public void startAgain() {
        process = launch();
        awaitConnections();
    }

    @Override
    public void close() {
        kill();
    }

    /** The process itself: {@code FOLDER PORT}. */
    static void main(String[] arguments) throws InterruptedException {
        EmbeddedKafka.start(
                Path.of(arguments[0]),
                Integer.parseInt(arguments[1]),
                fault -> Runtime.getRuntime().halt(1));
        Thread.currentThread().join();
    }

    private Process launch() {
        return KafkaJvm.start(
                folder.resolveSibling(folder.getFileName() + ".log"),
                "512m",
                KafkaProcess.class.getName(),
                folder.toString(),
                String.valueOf(port));
    }

    private void awaitConnections() {
        await("Kafka")
                .atMost(START)
                .pollInterval(Duration.ofMillis(50))
                .failFast("Kafka has ended", () -> !process.isAlive())
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> {
                    new Socket(InetAddress.getLoopbackAddress(), port).close();
                    return true;
                });
    }
}
