package dev.caravan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a small world of its own, where {@code java} and {@code mvn} are scripts and JDKs are made up. */
class LauncherTest {

    private static final List<String> TOOLS =
            List.of("sh", "readlink", "dirname", "grep", "sed", "find", "touch", "mkdir", "cat", "sleep");

    private static final String JAVA = """
            #!/bin/sh
            [ -z "$BROKER_STAYS" ] || trap 'echo stopped; exit 143' TERM
            echo "java of $0"
            for argument; do echo "$argument"; done
            while [ -n "$BROKER_STAYS" ]; do sleep 0.05; done
            exit ${BROKER_EXIT:-0}
            """;

    private static final String MVN = """
            #!/bin/sh
            echo "mvn under $JAVA_HOME: $*"
            [ -z "$BUILD_STAYS" ] || exec sleep 30
            [ -z "$BUILD_FAILS" ] || exit 2
            mkdir -p target/lib
            [ -f target/caravan.jar ] || touch target/caravan.jar
            """;

    private record Ended(int code, String out, String errors) {}

    @TempDir
    private Path world;

    private Path home;

    @BeforeEach
    void makeWorld() throws IOException {
        home = Files.createDirectories(world.resolve("a folder with spaces"));
        for (var file : List.of("caravan", "mvnw", ".mvn/jdk.sh")) {
            // Where JDKs are looked for is inside this world
            var text = Files.readString(Path.of(file)).replaceAll("(?<=\\s)/(?=usr/|opt/|Library/)", world + "/");
            script(home.resolve(file), text);
        }
        write(home.resolve("src/main/java/Source.java"), "");
        write(home.resolve("pom.xml"), "");
        var bin = Files.createDirectories(world.resolve("bin"));
        for (var tool : TOOLS) {
            var real = Path.of("/usr/bin", tool);
            script(
                    bin.resolve(tool),
                    "#!/bin/sh\nexec %s \"$@\"\n".formatted(Files.exists(real) ? real : "/bin/" + tool));
        }
        script(bin.resolve("mvn"), MVN);
        jdk("usr/lib/jvm/java-17", "17.0.15");
    }

    @Test
    @DisplayName("A8 finds a JDK 25 where Debian keeps it, from any folder, through a link, whatever JAVA_HOME says")
    void findsTheJdk() throws Exception {
        var jdk = jdk("usr/lib/jvm/temurin-25", "25.0.1");
        var link = Files.createSymbolicLink(world.resolve("bin/caravan"), home.resolve("caravan"));
        for (var javaHome :
                List.of("", "/nowhere", world.resolve("usr/lib/jvm/java-17").toString())) {
            var ended = run(start(link, Map.of("JAVA_HOME", javaHome), "serve", "--port", "1 2"));

            assertThat(ended.code()).isZero();
            assertThat(ended.out().lines())
                    .startsWith("java of " + jdk + "/bin/java")
                    .contains("-Dcaravan.home=" + home, home + "/target/caravan.jar")
                    .endsWith("serve", "--port", "1 2");
        }
    }

    @Test
    @DisplayName("A8 takes the JDK 25 of JAVA_HOME before all others")
    void prefersJavaHome() throws Exception {
        jdk("usr/lib/jvm/temurin-25", "25.0.1");
        var mine = jdk("mine", "25");

        assertThat(run(start(home.resolve("caravan"), Map.of("JAVA_HOME", mine.toString())))
                        .out())
                .startsWith("java of " + mine + "/bin/java");
    }

    @Test
    @DisplayName("A8 without a JDK 25 one sentence says what to install")
    void saysWhatIsMissing() throws Exception {
        for (var command : List.of("caravan", "mvnw")) {
            var ended = run(start(home.resolve(command), Map.of(), "serve"));

            assertThat(ended.code()).isEqualTo(1);
            assertThat(ended.out()).isEmpty();
            assertThat(ended.errors().lines()).hasSize(1).first().asString().contains("JDK 25", "install", "JAVA_HOME");
        }
    }

    @Test
    @DisplayName("F6 a built program without its sources, as in an image, runs on a JRE and builds nothing")
    void runsWithoutSources() throws Exception {
        var jre = jdk("opt/java/openjdk", "25.0.1");
        Files.delete(jre.resolve("bin/javac"));
        assertThat(run(start(home.resolve("caravan"), Map.of(), "serve")).code())
                .isEqualTo(1);

        Files.delete(home.resolve("src/main/java/Source.java"));
        Files.delete(home.resolve("src/main/java"));
        Files.delete(home.resolve("src/main"));
        Files.delete(home.resolve("pom.xml"));
        Files.delete(home.resolve("mvnw"));
        var ended = run(start(home.resolve("caravan"), Map.of(), "serve"));
        assertThat(ended.errors()).isEmpty();
        assertThat(ended.out()).startsWith("java of " + jre + "/bin/java").contains(home + "/target/caravan.jar");
    }

    @Test
    @DisplayName("A8 builds when a source is newer than the jar, says so, and only then")
    void buildsWhatIsStale() throws Exception {
        var jdk = jdk("usr/lib/jvm/temurin-25", "25.0.1");
        var caravan = home.resolve("caravan");
        assertThat(run(start(caravan, Map.of())).errors()).contains("Building Caravan", "mvn under " + jdk + ": ");
        assertThat(run(start(caravan, Map.of())).errors()).isEmpty();

        // The build leaves a jar alone that would be the same
        var old = FileTime.from(Instant.now().minusSeconds(60));
        Files.setLastModifiedTime(home.resolve("target/caravan.jar"), old);
        assertThat(run(start(caravan, Map.of())).errors()).contains("Building Caravan");
        assertThat(run(start(caravan, Map.of())).errors()).isEmpty();
    }

    @Test
    @DisplayName("A8 the broker starts with the AOT cache while that is newer than the jar, and without it otherwise")
    void usesTheCache() throws Exception {
        jdk("usr/lib/jvm/temurin-25", "25.0.1");
        var caravan = home.resolve("caravan");
        assertThat(run(start(caravan, Map.of(), "version")).errors()).contains("aot");
        var flag = "-XX:AOTCache=" + home + "/target/caravan.aot";
        assertThat(run(start(caravan, Map.of(), "serve")).out()).doesNotContain(flag);

        write(home.resolve("target/caravan.aot"), "");
        assertThat(run(start(caravan, Map.of(), "serve")).out().lines())
                .contains(flag, "@" + home + "/config/jvm.options")
                .endsWith("serve");
        assertThat(run(start(caravan, Map.of(), "version")).out()).doesNotContain(flag);

        Files.setLastModifiedTime(
                home.resolve("target/caravan.aot"), FileTime.from(Instant.now().minusSeconds(60)));
        assertThat(run(start(caravan, Map.of(), "serve")).out()).doesNotContain(flag);
    }

    @Test
    @DisplayName("A8 a build that fails or is stopped starts nothing")
    void stopsWithItsBuild() throws Exception {
        jdk("usr/lib/jvm/temurin-25", "25.0.1");
        var failed = run(start(home.resolve("caravan"), Map.of("BUILD_FAILS", "yes")));
        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.out()).isEmpty();

        var process = start(home.resolve("caravan"), Map.of("BUILD_STAYS", "yes"));
        var errors = new BufferedReader(new InputStreamReader(process.getErrorStream(), UTF_8));
        while (!errors.readLine().startsWith("mvn under")) {}
        process.toHandle().destroy();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(143);
    }

    @Test
    @DisplayName("A2 A8 passes signals on, and the exit code back")
    void isTheProgram() throws Exception {
        jdk("usr/lib/jvm/temurin-25", "25.0.1");
        assertThat(run(start(home.resolve("caravan"), Map.of("BROKER_EXIT", "7"), "serve"))
                        .code())
                .isEqualTo(7);

        var process = start(home.resolve("caravan"), Map.of("BROKER_STAYS", "yes"), "last");
        var out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        while (!out.readLine().equals("last")) {}
        process.toHandle().destroy();
        assertThat(out.readLine()).isEqualTo("stopped");
        assertThat(process.waitFor()).isEqualTo(143);
    }

    private Process start(Path command, Map<String, String> environment, String... arguments) throws IOException {
        var all = new ArrayList<>(List.of(command.toString()));
        all.addAll(List.of(arguments));
        var builder = new ProcessBuilder(all).directory(world.toFile());
        builder.environment().clear();
        builder.environment().putAll(Map.of("HOME", world.resolve("me").toString(), "PATH", world + "/bin"));
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static Ended run(Process process) throws Exception {
        var out = new String(process.getInputStream().readAllBytes(), UTF_8);
        var errors = new String(process.getErrorStream().readAllBytes(), UTF_8);
        return new Ended(process.waitFor(), out, errors);
    }

    private Path jdk(String folder, String version) throws IOException {
        var jdk = world.resolve(folder);
        script(jdk.resolve("bin/java"), JAVA);
        script(jdk.resolve("bin/javac"), JAVA);
        write(jdk.resolve("release"), "IMPLEMENTOR=\"Somebody\"\nJAVA_VERSION=\"" + version + "\"\n");
        return jdk;
    }

    private static void script(Path file, String text) throws IOException {
        write(file, text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
