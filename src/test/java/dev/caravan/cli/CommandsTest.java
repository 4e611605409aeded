package dev.caravan.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The commands that talk to a running broker. */
class CommandsTest {

    private record Ran(int status, String out, String err) {}

    private final dev.caravan.testing.RunningBroker broker = dev.caravan.testing.RunningBroker.shared();

    @Test
    @DisplayName("A4 'caravan route' tells model, provider, kind of work and reasons")
    void route() throws Exception {
        var text = run("route", "Hello!");
        assertThat(text.status()).as(text.err()).isZero();
        assertThat(text.out())
                .startsWith("sim-small at simulator (chat, score 0.")
                .contains("\n- ");

        var json = new ObjectMapper()
                .readTree(run("route", "Hello!", "--output", "json").out());
        assertThat(json.path("model").asText()).isEqualTo("sim-small");
    }

    @Test
    @DisplayName("A3 A8 'caravan infer' prints the text, the stream, or with --output json the whole reply")
    void infer() throws Exception {
        assertThat(run("infer", "--prompt", "one two", "--model", "sim-echo")
                        .out()
                        .strip())
                .isEqualTo("one two");
        assertThat(run("infer", "--prompt", "one two", "--model", "sim-echo", "--stream")
                        .out()
                        .strip())
                .isEqualTo("one two");

        var reply = new ObjectMapper()
                .readTree(run("infer", "--prompt", "one two", "--model", "sim-echo", "--output", "json")
                        .out());
        assertThat(reply.path("text").asText()).isEqualTo("one two");
        assertThat(reply.path("success").asBoolean()).isTrue();
    }

    @Test
    @DisplayName("A8 A10 What fails ends with a sentence and a status other than 0; in JSON too")
    void failures() throws Exception {
        var unknown = run("infer", "--prompt", "x", "--model", "nobody");
        assertThat(unknown.status()).isNotZero();
        assertThat(unknown.err()).contains("'nobody' does not exist");

        var json = run("infer", "--prompt", "x", "--model", "nobody", "--output", "json");
        assertThat(json.status()).isNotZero();
        assertThat(new ObjectMapper().readTree(json.out()).path("success").asBoolean())
                .isFalse();

        assertThat(run("infer", "--prompt", "x", "--output", "yaml").status()).isEqualTo(2);
        assertThat(run("infer", "--prompt", "x", "--output", "json", "--stream").err())
                .contains("leave out --stream");

        var away = run(List.of("route", "x", "--url", "http://127.0.0.1:1"));
        assertThat(away.status()).isNotZero();
        assertThat(away.err()).contains("No broker answers at http://127.0.0.1:1");
    }

    private Ran run(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--url", broker.url(), "--key", dev.caravan.testing.RunningBroker.CLIENT_KEY));
        return run(all);
    }

    private static Ran run(List<String> arguments) {
        var out = System.out;
        var err = System.err;
        var written = new ByteArrayOutputStream();
        var complained = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(written, true, UTF_8));
            System.setErr(new PrintStream(complained, true, UTF_8));
            var status = Main.commandLine().execute(arguments.toArray(String[]::new));
            return new Ran(status, written.toString(UTF_8), complained.toString(UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }
}
