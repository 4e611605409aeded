package dev.caravan.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Uuid;

/**
 * A Kafka of several nodes, each a broker and a controller in a process of its own, started as Kafka's own script starts it.
 * What is written stands on two nodes at least before it is acknowledged. Closing it kills all.
 */
public final class KafkaCluster implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(90);

    private record Node(int id, int port, int controllerPort, Path settings) {}

    private final List<Node> nodes;
    private final List<Process> processes = new ArrayList<>();

    private KafkaCluster(List<Node> nodes) {
        this.nodes = nodes;
    }

    /** Starts one and returns when all nodes have joined. */
    public static KafkaCluster start(Path folder, int size) {
        var nodes = IntStream.rangeClosed(1, size)
                .mapToObj(id -> new Node(
                        id, BrokerProcess.freePort(), BrokerProcess.freePort(), folder.resolve(id + ".properties")))
                .toList();
        var cluster = new KafkaCluster(nodes);
        var id = Uuid.randomUuid().toString();
        try {
            Files.createDirectories(folder);
            for (var node : nodes) {
                cluster.write(node, folder);
                format(node, id);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        nodes.forEach(node -> cluster.processes.add(launch(node)));
        await("a Kafka of " + size).atMost(START).ignoreExceptions().until(() -> cluster.size() == size);
        return cluster;
    }

    /** Where clients connect: all nodes. */
    public String bootstrapServers() {
        return nodes.stream().map(node -> "127.0.0.1:" + node.port()).collect(Collectors.joining(","));
    }

    /** The number of the node that leads a partition now, from 0. */
    public int leaderOf(String topic, int partition) {
        return describe(topic).partitions().get(partition).leader().id() - 1;
    }

    /** {@code kill -9}. */
    public void kill(int node) {
        processes.get(node).destroyForcibly();
        processes.get(node).onExit().join();
    }

    /** Starts a node again after a kill, and returns at once. */
    public void startAgain(int node) {
        processes.set(node, launch(nodes.get(node)));
    }

    /** Returns when all nodes have all that is on the topic. */
    public void awaitInSync(String topic) {
        await("all in sync")
                .atMost(START)
                .ignoreExceptions()
                .until(() -> describe(topic).partitions().stream()
                        .allMatch(partition -> partition.isr().size() == nodes.size()));
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
        processes.forEach(process -> process.onExit().join());
    }

    private int size() throws ExecutionException, InterruptedException {
        try (var admin = admin()) {
            return admin.describeCluster().nodes().get().size();
        }
    }

    private TopicDescription describe(String topic) {
        try (var admin = admin()) {
            return requireNonNull(
                    admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic));
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", bootstrapServers()));
    }

    private void write(Node node, Path folder) throws IOException {
        var voters = nodes.stream()
                .map(each -> each.id() + "@127.0.0.1:" + each.controllerPort())
                .collect(Collectors.joining(","));
        var settings = new Properties();
        settings.putAll(Map.of(
                "process.roles", "broker,controller",
                "node.id", String.valueOf(node.id()),
                "controller.quorum.voters", voters,
                "controller.listener.names", "CONTROLLER",
                "listeners",
                        "PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d"
                                .formatted(node.port(), node.controllerPort()),
                "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
                "log.dirs", folder.resolve("node-" + node.id()).toString(),
                "default.replication.factor", "3",
                "min.insync.replicas", "2",
                "offsets.topic.replication.factor", "3"));
        settings.putAll(Map.of(
                "offsets.topic.num.partitions", "3",
                "transaction.state.log.replication.factor", "3",
                "transaction.state.log.num.partitions", "3",
                "share.coordinator.state.topic.replication.factor", "3",
                "share.coordinator.state.topic.num.partitions", "3",
                "group.initial.rebalance.delay.ms", "0",
                // how soon the others know that a node was killed
                "broker.session.timeout.ms", "3000",
                "broker.heartbeat.interval.ms", "500",
                "message.max.bytes", String.valueOf(13 * 1024 * 1024),
                "replica.fetch.max.bytes", String.valueOf(13 * 1024 * 1024)));
        try (var out = Files.newOutputStream(node.settings())) {
            settings.store(out, null);
        }
    }

    private static void format(Node node, String cluster) throws IOException {
        var said = new ByteArrayOutputStream();
        var command = new String[] {"format", "--config", node.settings().toString(), "--cluster-id", cluster};
        if (StorageTool.execute(command, new PrintStream(said, true, UTF_8)) != 0) {
            throw new IOException(said.toString(UTF_8));
        }
    }

    private static Process launch(Node node) {
        return KafkaJvm.start(
                node.settings().resolveSibling("node-" + node.id() + ".log"),
                "384m",
                "kafka.Kafka",
                node.settings().toString());
    }
}
