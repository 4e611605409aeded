package dev.caravan.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The files of {@code routes/} are prose of one form. */
class RoutesFolderTest {

    private static final YAMLMapper YAML = new YAMLMapper();

    static Stream<Path> files() throws IOException {
        try (var files = Files.walk(Path.of("routes"))) {
            return files.filter(file -> file.toString().endsWith(".camel.yaml")).sorted().toList().stream();
        }
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
            assertThat((route.has("route") ? route.path("route") : route).at("/from/uri").asText())
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

    private static void check(JsonNode node) {
        node.properties().forEach(field -> {
            if (field.getKey().equals("uri")) {
                assertThat(field.getValue().asText()).doesNotContain("?");
            }
            // kebab-case is understood too, and is not how these are written
            assertThat(field.getKey()).matches("[a-z][a-zA-Z0-9]*");
        });
        node.forEach(RoutesFolderTest::check);
    }
}
