package dev.caravan.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.function.Consumer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real Kafka of one node, broker and KRaft controller, in this process. It listens on 127.0.0.1 only, keeps its data
 * in a folder, and finds it again there, after a kill too. One at a time in a process. Thread-safe.
 */
public final class EmbeddedKafka implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedKafka.class);
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private final KafkaRaftServer server;
    private final int port;

    private EmbeddedKafka(KafkaRaftServer server, int port) {
        this.server = server;
        this.port = port;
    }

    /**
     * Starts it and returns when clients can connect (about two seconds).
     *
     * @param dataDir made when missing; nobody else may use it
     * @param port where clients connect on 127.0.0.1; 0 takes any free port
     * @param onFault told in one sentence when Kafka meets a fault it cannot live with. Kafka itself would halt the
     *     whole program; here the listener decides. Called on a thread of Kafka's, perhaps more than once: it must not
     *     call {@link #close()} on that thread
     * @throws IllegalStateException if the port is taken or Kafka does not start; the message says what to do
     */
    public static EmbeddedKafka start(Path dataDir, int port, Consumer<String> onFault) {
        var clientPort = port == 0 ? freePort() : requireFree(port);
        Exit.setHaltProcedure((status, message) -> fault("halt", status, message, onFault));
        Exit.setExitProcedure((status, message) -> fault("exit", status, message, onFault));
        var server = prepare(dataDir, clientPort);
        try {
            server.startup();
        } catch (RuntimeException e) {
            server.shutdown();
            throw notStarted(dataDir, e);
        }
        LOG.info("Kafka runs in this process on 127.0.0.1:{}, its data in {}", clientPort, dataDir);
        return new EmbeddedKafka(server, clientPort);
    }

    /** Where clients connect: {@code 127.0.0.1:PORT}. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** Stops it in an orderly way; all clients should be closed before. Calling it again does nothing. */
    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    private static KafkaRaftServer prepare(Path dataDir, int port) {
        try {
            Files.createDirectories(dataDir);
            var settings = EmbeddedSettings.of(dataDir, port, freePort());
            if (!Files.exists(dataDir.resolve("meta.properties"))) {
                format(settings);
            }
            return new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
        } catch (Exception e) {
            throw notStarted(dataDir, e);
        }
    }

    /** By Kafka's own tool, as the manual has it: {@code kafka-storage.sh format}. */
    private static void format(Properties settings) throws IOException {
        var file = Files.createTempFile("kafka", ".properties");
        var said = new ByteArrayOutputStream();
        try (var out = Files.newOutputStream(file)) {
            settings.store(out, null);
            var command = new String[] {
                "format",
                "--config",
                file.toString(),
                "--cluster-id",
                Uuid.randomUuid().toString()
            };
            if (StorageTool.execute(command, new PrintStream(said, true, UTF_8)) != 0) {
                throw new IOException(said.toString(UTF_8).strip());
            }
        } finally {
            Files.delete(file);
        }
    }

    private static void fault(String how, int status, String message, Consumer<String> onFault) {
        var sentence = "The embedded Kafka met a fatal fault and asked to %s the program (status %d): %s."
                .formatted(how, status, message == null ? "see the log lines before this one" : message);
        onFault.accept(sentence);
    }

    private static IllegalStateException notStarted(Path dataDir, Exception why) {
        return new IllegalStateException(
                "The embedded Kafka did not start with its data in %s: %s".formatted(dataDir, why.getMessage()), why);
    }

    private static int requireFree(int port) {
        try (var socket = new ServerSocket()) {
            // As Kafka binds it: connections of a run before that are still timing out do not count.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(LOOPBACK, port));
            return port;
        } catch (IOException e) {
            throw new IllegalStateException(
                    "Port %d on 127.0.0.1, where the embedded Kafka should listen, is taken: stop the program that uses it, or choose another port (CARAVAN_KAFKA_PORT)."
                            .formatted(port),
                    e);
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, LOOPBACK)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("No free port on 127.0.0.1", e);
        }
    }
}
