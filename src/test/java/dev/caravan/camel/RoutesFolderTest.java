package dev.caravan.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The files of {@code routes/} and {@code examples/} are prose of one form, the one that Kaoto reads and writes. */
class RoutesFolderTest {

    private static final YAMLMapper YAML = new YAMLMapper();

    /** What has an expression, which stands in full under that name. */
    private static final Set<String> EXPRESSED = Set.of(
            "setBody",
            "setVariable",
            "setHeader",
            "setProperty",
            "filter",
            "when",
            "split",
            "loop",
            "recipientList",
            "dynamicRouter",
            "routingSlip",
            "enrich",
            "aggregate",
            "delay",
            "throttle");

    static Stream<Path> files() throws IOException {
        return Stream.of("routes", "examples").flatMap(folder -> in(folder, ".camel.yaml"));
    }

    static Stream<Path> kamelets() {
        return in("routes", ".kamelet.yaml");
    }

    private static Stream<Path> in(String folder, String ending) {
        try (var files = Files.walk(Path.of(folder))) {
            return files.filter(file -> file.toString().endsWith(ending)).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @DisplayName("F8 The template of a kamelet has the same form")
    @MethodSource("kamelets")
    void kamelet(Path file) throws IOException {
        var template = YAML.readTree(file.toFile()).at("/spec/template/from");
        assertThat(template.path("steps")).isNotEmpty();
        check(template);
    }

    @ParameterizedTest
    @DisplayName(
            "F2 F3 Every route has an id and a description of one line, and its endpoints have parameters, not queries")
    @MethodSource("files")
    void canonical(Path file) throws IOException {
        for (var entry : YAML.readTree(file.toFile())) {
            assertThat(entry.properties()).as("one route each").hasSize(1);
            var route = entry.has("route") ? entry.path("route") : entry.path("routeTemplate");
            assertThat(route.isObject()).as(file + ": 'route' on top").isTrue();
            assertThat(route.path("id").asText()).matches("[a-z]+([.-][a-z]+)*");
            assertThat(route.path("description").asText()).isNotBlank().doesNotContain("\n");
            // a template may hold its route as a whole, with what a route alone can have
            assertThat((route.has("route") ? route.path("route") : route)
                            .at("/from/uri")
                            .asText())
                    .isNotBlank();
            check(route);
        }
    }

    @ParameterizedTest
    @DisplayName("F2 F3 Camel reads every file")
    @MethodSource("files")
    void loads(Path file) throws Exception {
        try (var camel = new DefaultCamelContext()) {
            var resource = PluginHelper.getResourceLoader(camel).resolveResource("file:" + file.toAbsolutePath());
            assertThatCode(() -> camel.addRoutes(PluginHelper.getRoutesLoader(camel)
                            .findRoutesBuilders(List.of(resource))
                            .iterator()
                            .next()))
                    .doesNotThrowAnyException();
        }
    }

    @Test
    @DisplayName("F8 What users put into routes/custom is nobody else's: an upgrade by git passes it over")
    void custom() throws IOException {
        assertThat(Path.of(".gitignore"))
                .content()
                .contains("\n/routes/custom/*.camel.yaml\n", "\n/routes/custom/*.kamelet.yaml\n");
        assertThat(Path.of("routes/custom").toFile().list()).contains("README.md");
    }

    @Test
    @DisplayName("F2 No two routes have the same id; a direct endpoint is named as its route is")
    void ids() throws IOException {
        var ids = new ArrayList<String>();
        for (var file : files().toList()) {
            for (var entry : YAML.readTree(file.toFile())) {
                var route = entry.path("route");
                ids.add(route.path("id").asText());
                if (route.path("from").path("uri").asText().equals("direct")) {
                    assertThat(route.at("/from/parameters/name").asText())
                            .isEqualTo(route.path("id").asText());
                }
            }
        }
        assertThat(ids).hasSameSizeAs(new HashSet<>(ids));
    }

    @Test
    @DisplayName(
            "F8 The kamelet's contract is versioned: under version 1 it takes these parameters, and only a model must be named")
    void contract() throws IOException {
        var kamelet = YAML.readTree(
                Path.of("routes/kamelets/caravan-chat-sink.kamelet.yaml").toFile());

        assertThat(kamelet.at("/metadata/annotations")
                        .path("caravan.dev/contract.version")
                        .asText())
                .isEqualTo("1");
        var definition = kamelet.at("/spec/definition");
        assertThat(definition.path("properties").properties())
                .extracting(Map.Entry::getKey)
                .containsExactly("model", "system", "maxTokens", "answer");
        assertThat(definition.path("required").valueStream().map(JsonNode::asText))
                .containsExactly("model");
    }

    private static void check(JsonNode node) {
        node.path("steps").forEach(step -> {
            assertThat(step.properties()).as("one step each: " + step).hasSize(1);
            assertThat(step.properties().iterator().next().getValue().isObject())
                    .as("in full: " + step)
                    .isTrue();
        });
        node.properties().forEach(field -> {
            if (field.getKey().equals("uri")) {
                assertThat(field.getValue().asText()).doesNotContain("?");
            }
            // kebab-case is understood too, and is not how these are written
            assertThat(field.getKey()).matches("[a-z][a-zA-Z0-9]*");
        });
        node.properties().stream()
                .filter(field -> EXPRESSED.contains(field.getKey()))
                .flatMap(field ->
                        field.getValue().isArray() ? field.getValue().valueStream() : Stream.of(field.getValue()))
                .filter(JsonNode::isObject) // an endpoint may have a parameter of that name
                .forEach(RoutesFolderTest::checkExpression);
        node.forEach(RoutesFolderTest::check);
    }

    private static void checkExpression(JsonNode node) {
        var languages = node.path("expression").properties();
        assertThat(languages).as("one language in " + node).hasSize(1);
        assertThat(languages.iterator().next().getValue().isObject())
                .as("in full: " + node)
                .isTrue();
    }
}
