package dev.caravan.embedded;

import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/** The settings of a Kafka that is alone: it replicates to nobody, and it is small. */
final class EmbeddedSettings {

    private static final int NODE = 1;
    private static final String CONTROLLER = "CONTROLLER";

    /** Above the largest {@code max.message.bytes} of kafka/topics.yaml, 12 MiB. */
    private static final String RECORD_BYTES = String.valueOf(13 * 1024 * 1024);

    private static final Map<String, String> FIXED = Map.ofEntries(
            Map.entry("process.roles", "broker,controller"),
            Map.entry("node.id", String.valueOf(NODE)),
            Map.entry("controller.listener.names", CONTROLLER),
            Map.entry("inter.broker.listener.name", "PLAINTEXT"),
            Map.entry("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
            // After a kill the controller waits for the dead session to end: 9 s by default.
            Map.entry("broker.session.timeout.ms", "2000"),
            Map.entry("broker.heartbeat.interval.ms", "400"),
            Map.entry("auto.create.topics.enable", "false"),
            Map.entry("default.replication.factor", "1"),
            Map.entry("offsets.topic.replication.factor", "1"),
            Map.entry("offsets.topic.num.partitions", "1"),
            Map.entry("transaction.state.log.replication.factor", "1"),
            Map.entry("transaction.state.log.min.isr", "1"),
            Map.entry("transaction.state.log.num.partitions", "1"),
            Map.entry("share.coordinator.state.topic.replication.factor", "1"),
            Map.entry("share.coordinator.state.topic.min.isr", "1"),
            Map.entry("share.coordinator.state.topic.num.partitions", "1"),
            // Nobody else will join: do not wait for it.
            Map.entry("group.initial.rebalance.delay.ms", "0"),
            // A consumer that is switched off for weeks still continues where it was.
            Map.entry("offsets.retention.minutes", String.valueOf(366 * 24 * 60)),
            Map.entry("message.max.bytes", RECORD_BYTES),
            Map.entry("replica.fetch.max.bytes", RECORD_BYTES),
            Map.entry("num.network.threads", "2"),
            Map.entry("num.io.threads", "4"),
            Map.entry("background.threads", "2"),
            Map.entry("log.cleaner.dedupe.buffer.size", String.valueOf(8 * 1024 * 1024)),
            // An idle controller writes a record per interval: twice a second by default.
            Map.entry("metadata.max.idle.interval.ms", "5000"));

    private EmbeddedSettings() {}

    /** The voters are static, not written into the data: so the controller may have another port at each start. */
    static Properties of(Path dataDir, int port, int controllerPort) {
        var listeners = "PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d".formatted(port, controllerPort);
        var settings = new Properties();
        settings.putAll(FIXED);
        settings.put("log.dirs", dataDir.toString());
        settings.put("listeners", listeners);
        settings.put("advertised.listeners", listeners);
        settings.put("controller.quorum.voters", NODE + "@127.0.0.1:" + controllerPort);
        return settings;
    }
}
