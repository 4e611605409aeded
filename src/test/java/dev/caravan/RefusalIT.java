package dev.caravan;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.caravan.testing.BrokerProcess;
import dev.caravan.testing.Postgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A start that cannot be is refused in one sentence. */
class RefusalIT {

    private static final Duration WITHIN = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @Test
    @DisplayName("A11 without a client key it listens on this machine only")
    void openToThisMachineOnly() {
        assertThat(refusal(Map.of("CARAVAN_API_KEYS", "", "SERVER_HOST", "0.0.0.0")))
                .startsWith("SERVER_HOST is 0.0.0.0")
                .contains("CARAVAN_API_KEYS");
    }

    @Test
    @DisplayName("A11 a port that is taken is named with the setting that changes it")
    void portsTaken() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var port = String.valueOf(taken.getLocalPort());
            assertThat(refusal(Map.of("SERVER_PORT", port))).contains(port, "SERVER_PORT");
            assertThat(refusal(Map.of("CARAVAN_KAFKA_PORT", port))).contains(port, "CARAVAN_KAFKA_PORT");
        }
    }

    @Test
    @DisplayName(
            "F7 a Kafka that does not answer, or is nowhere, is named with its setting, after ten seconds and not a minute")
    void kafkaAway() {
        for (var address : List.of("127.0.0.1:" + BrokerProcess.freePort(), "no-such-host.invalid:9092", "nonsense")) {
            var begin = System.nanoTime();
            // Of a name that nobody knows Kafka's client tells in the log as well: there may be others in the list.
            try (var broker = BrokerProcess.start(folder, Map.of("CARAVAN_KAFKA_BOOTSTRAP_SERVERS", address))) {
                assertThat(broker.exitCode(WITHIN)).isEqualTo(1);
                assertThat(broker.errors().lines())
                        .singleElement(as(STRING))
                        .contains("No Kafka answers at " + address, "CARAVAN_KAFKA_BOOTSTRAP_SERVERS");
                assertThat(broker.log()).doesNotContain("ERROR", "\tat ");
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(45));
        }
    }

    @Test
    @DisplayName("F7 a data folder belongs to one process")
    void dataFolderTaken() throws IOException {
        var data = Files.createDirectories(folder.resolve("data"));
        try (var lock = FileChannel.open(data.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var held = lock.lock()) {
            assertThat(held.isValid()).isTrue();
            assertThat(refusal(Map.of())).contains(data.toString(), "CARAVAN_DATA");
        }
    }

    @Test
    @DisplayName("F6 a database that cannot be used is told without its URL, which may hold a password")
    void databases() {
        var url = Postgres.shared().newDatabase();
        assertThat(refusal(database(url))).contains("CARAVAN_DB_URL is set", "CARAVAN_MASTER_KEY");

        var password = "hush-hush";
        for (var wrong : List.of("postgresql://me:%s@h/db", "jdbc:postgresql://me:%s@h/db")) {
            assertThat(refusal(database(wrong.formatted(password))))
                    .contains("CARAVAN_DB_URL", "jdbc:postgresql://HOST:5432/DATABASE")
                    .doesNotContain(password);
        }
        assertThat(refusal(database("jdbc:postgresql://127.0.0.1:1/db?user=me&password=" + password)))
                .contains("CARAVAN_DB_URL", "127.0.0.1:1 refused")
                .doesNotContain(password);
        assertThat(refusal(database(url + "-which-nobody-made"))).contains("CARAVAN_DB_URL", "does not exist");
    }

    private static Map<String, String> database(String url) {
        return Map.of("CARAVAN_DB_URL", url, "CARAVAN_DB_USER", Postgres.USER);
    }

    @Test
    @DisplayName("A1 F2 a file that is wrong is named with line and reason")
    void filesThatAreWrong() throws IOException {
        var home = folder.resolve("home");
        copy(home, "routes", "config", "kafka");
        var option = "-Dcaravan.home=" + home;

        edit(home.resolve("config/providers.yaml"), "\n    priority: 10\n", "\n    priority: lots\n");
        assertThat(refusal(Map.of(), option)).containsPattern("providers\\.yaml:\\d+: 'priority'");

        edit(home.resolve("config/providers.yaml"), "\n    priority: lots\n", "\n    priority: 10\n");
        edit(home.resolve("routes/chat.camel.yaml"), "ref: planRequest", "reff: planRequest");
        assertThat(refusal(Map.of(), option)).containsPattern("chat\\.camel\\.yaml:\\d+: .*'reff'");
    }

    /** What it says on its standard error before it ends. */
    private String refusal(Map<String, String> environment, String... javaOptions) {
        try (var broker = BrokerProcess.start(folder, environment, javaOptions)) {
            assertThat(broker.exitCode(WITHIN)).isEqualTo(1);
            assertThat(broker.errors().lines()).hasSize(1);
            assertThat(broker.log()).doesNotContain("WARN", "ERROR", "\tat ");
            return broker.errors();
        }
    }

    private static void edit(Path file, String from, String to) throws IOException {
        var text = Files.readString(file);
        assertThat(text).contains(from);
        Files.writeString(file, text.replaceFirst(from, to));
    }

    private static void copy(Path home, String... names) throws IOException {
        for (var name : names) {
            try (var paths = Files.walk(Path.of(name))) {
                for (var path : paths.filter(Files::isRegularFile).toList()) {
                    var target = home.resolve(path.toString());
                    Files.createDirectories(target.getParent());
                    Files.copy(path, target);
                }
            }
        }
    }
}
