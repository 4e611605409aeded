package dev.caravan.http;

import static dev.caravan.testing.Providers.chat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.caravan.testing.RunningBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the dashboard and the alerts in {@code deploy/} ask for, the broker's metrics have. */
class DashboardTest {

    private static final Path DEPLOY = Path.of("deploy");
    private static final Pattern SAMPLE = Pattern.compile("^([a-z_0-9]+)(?:\\{(.*)})? \\S+$", Pattern.MULTILINE);
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)\\s*=~?\"");

    /** Within a query: a name that no bracket follows, as one follows a function's. */
    private static final Pattern METRIC = Pattern.compile("\\b[a-z][a-z_0-9]*\\b(?!\\s*\\()");

    private static final Pattern GROUPING = Pattern.compile("\\b(?:by|without|on|ignoring)\\s*\\(([^)]*)\\)");

    /** Labels that Prometheus adds, and its own metric. */
    private static final Set<String> OF_PROMETHEUS = Set.of("instance", "job", "up");

    private static final Set<String> OPERATORS = Set.of("or", "and", "unless");

    private final RunningBroker broker = RunningBroker.shared();

    @Test
    @DisplayName("F6 Every metric and label in the dashboard and the alerts is one that /metrics has")
    void asksForWhatIsThere() throws IOException {
        broker.post("/v1/chat/completions", chat("sim-echo"));
        broker.post("/v1/chat/completions", chat("sim-echo", "\"stream\":true"));
        // what Java itself tells is shown, and collections counted, from the first look
        broker.get("/metrics");
        System.gc();
        var queries = Stream.concat(
                        texts(dashboard(), "expr"),
                        texts(
                                new YAMLMapper()
                                        .readTree(DEPLOY.resolve("prometheus/rules.yml")
                                                .toFile()),
                                "expr"))
                .toList();
        assertThat(queries).hasSizeGreaterThan(20);

        await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> {
            var there = labelsByMetric(broker.get("/metrics").body());
            for (var query : queries) {
                var metrics = metrics(query);
                assertThat(metrics).as(query).isNotEmpty();
                assertThat(there.keySet()).as(query).containsAll(metrics);
                var labels = new HashSet<String>();
                metrics.forEach(metric -> labels.addAll(there.get(metric)));
                assertThat(labels).as(query).containsAll(labels(query));
            }
        });
    }

    @Test
    @DisplayName("F6 The dashboard asks the data source that is provisioned, and its panels do not overlap")
    void isWellFormed() throws IOException {
        var source = new YAMLMapper()
                .readTree(DEPLOY.resolve("grafana/provisioning/datasources/prometheus.yml")
                        .toFile())
                .at("/datasources/0/uid")
                .asText();
        assertThat(texts(dashboard(), "uid").filter(uid -> !uid.equals("caravan")))
                .isNotEmpty()
                .containsOnly(source);

        var ids = new HashSet<Integer>();
        var cells = new HashSet<String>();
        for (var panel : dashboard().path("panels")) {
            assertThat(ids.add(panel.path("id").asInt())).isTrue();
            var at = panel.path("gridPos");
            for (var x = 0; x < at.path("w").asInt(); x++) {
                for (var y = 0; y < at.path("h").asInt(); y++) {
                    var cell = (at.path("x").asInt() + x) + "," + (at.path("y").asInt() + y);
                    assertThat(cells.add(cell)).as(panel.path("title") + cell).isTrue();
                }
            }
            assertThat(at.path("x").asInt() + at.path("w").asInt()).isLessThanOrEqualTo(24);
        }
    }

    private static JsonNode dashboard() throws IOException {
        return new ObjectMapper()
                .readTree(DEPLOY.resolve("grafana/dashboards/caravan.json").toFile());
    }

    private static Stream<String> texts(JsonNode tree, String field) {
        return tree.findValues(field).stream().map(JsonNode::asText);
    }

    private static Map<String, Set<String>> labelsByMetric(String metrics) {
        var labels = new HashMap<String, Set<String>>();
        OF_PROMETHEUS.forEach(name -> labels.put(name, new HashSet<>(OF_PROMETHEUS)));
        SAMPLE.matcher(metrics).results().forEach(sample -> {
            var of = labels.computeIfAbsent(sample.group(1), name -> new HashSet<>(OF_PROMETHEUS));
            if (sample.group(2) != null) {
                LABEL.matcher(sample.group(2)).results().forEach(label -> of.add(label.group(1)));
            }
        });
        return labels;
    }

    private static Set<String> metrics(String query) {
        var bare = GROUPING.matcher(query).replaceAll("").replaceAll("\\{[^}]*}|\\[[^\\]]*]|\"[^\"]*\"", "");
        var metrics = new TreeSet<String>();
        METRIC.matcher(bare).results().forEach(name -> metrics.add(name.group()));
        metrics.removeAll(OPERATORS);
        return metrics;
    }

    private static Set<String> labels(String query) {
        var labels = new TreeSet<String>();
        GROUPING.matcher(query)
                .results()
                .flatMap(group -> Stream.of(group.group(1).split(",")))
                .forEach(label -> labels.add(label.strip()));
        LABEL.matcher(query).results().forEach(label -> labels.add(label.group(1)));
        return labels;
    }
}
