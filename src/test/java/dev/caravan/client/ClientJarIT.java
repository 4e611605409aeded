package dev.caravan.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a user of the client jar gets; the project of such a user in {@code src/it/client} was built before. */
@Timeout(60)
class ClientJarIT {

    private static final Path USER = Path.of("target/it/client/target");
    private static final Path DEPENDENCIES = USER.resolve("dependency");
    private static final Path JAR = Path.of("target/caravan-client.jar");

    @Test
    @DisplayName("D1 The client brings Jackson and JSpecify along, and no Spring, Camel, Kafka or Netty")
    void dependencies() throws IOException {
        try (var files = Files.list(DEPENDENCIES)) {
            assertThat(files.map(file -> file.getFileName().toString().replaceFirst("-[0-9].*", "")))
                    .containsExactlyInAnyOrder(
                            "caravan", "jackson-annotations", "jackson-core", "jackson-databind", "jspecify");
        }
    }

    @Test
    @DisplayName("D1 The client jar holds what it needs of Caravan, and nothing else")
    void selfContained() throws IOException {
        try (var jar = new JarFile(JAR.toFile())) {
            assertThat(jar.stream().map(JarEntry::getName).filter(name -> name.endsWith(".class")))
                    .isNotEmpty()
                    .allMatch(name -> name.matches("dev/caravan/(chat|provider|client)/.*"));
        }
        var missing = new StringWriter();
        var status = ToolProvider.findFirst("jdeps")
                .orElseThrow()
                .run(
                        new PrintWriter(missing, true),
                        new PrintWriter(missing, true),
                        "--missing-deps",
                        "--multi-release",
                        "base",
                        "--class-path",
                        dependencyJars(),
                        JAR.toString());

        assertThat(missing.toString()).isEmpty();
        assertThat(status).isZero();
    }

    @Test
    @DisplayName("D1 A program with the client jar alone gets its answer")
    void runs() throws IOException, InterruptedException {
        var answer = """
                {"id":"1","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Far."}}]}""";
        try (var server = StubServer.of(200, Map.of(), answer)) {
            var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
            var classPath = USER.resolve("classes") + File.pathSeparator + DEPENDENCIES + "/*";
            var program = new ProcessBuilder(
                            List.of(java, "-cp", classPath, "example.Asker", server.url(), "How far is the moon?"))
                    .redirectErrorStream(true)
                    .start();

            assertThat(new String(program.getInputStream().readAllBytes(), UTF_8))
                    .isEqualToIgnoringNewLines("Far.");
            assertThat(program.waitFor()).isZero();
        }
    }

    private static String dependencyJars() throws IOException {
        try (var files = Files.list(DEPENDENCIES)) {
            return files.map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        }
    }
}
