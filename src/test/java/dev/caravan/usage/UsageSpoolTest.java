package dev.caravan.usage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class UsageSpoolTest {

    private static final long PLENTY = 1 << 30;

    @TempDir
    private Path temp;

    @Test
    @DisplayName("F5 a line is the CRC-32C and the JSON, so that any tool can read what waits")
    void lines() throws IOException {
        append(UsageSpool.open(temp, PLENTY), "123456789");

        // The check value of CRC-32C, as RFC 9260 and the catalogues of CRCs have it.
        assertThat(temp.resolve("000000000000000001.events")).hasContent("e3069283 123456789\n");
    }

    @Test
    @DisplayName(
            "F5 more than one file holds is read in its order by the next start, and each file goes when it was sent")
    void severalFiles() throws IOException {
        var spool = UsageSpool.open(temp, PLENTY);
        var wanted =
                IntStream.range(0, 40).mapToObj(i -> i + "x".repeat(100_000)).toList();
        for (var each : wanted) {
            append(spool, each);
        }
        assertThat(spool.pieces()).isEqualTo(4);

        var next = UsageSpool.open(temp, PLENTY);
        assertThat(next.events()).isEqualTo(40);
        assertThat(next.bytes()).isEqualTo(spool.bytes());
        append(next, "last");
        var read = new ArrayList<String>();
        while (next.pieces() > 0) {
            read.addAll(first(next));
            next.removeFirst();
        }
        assertThat(read)
                .startsWith(wanted.toArray(String[]::new))
                .endsWith("last")
                .hasSize(41);
        assertThat(next.bytes()).isZero();
        assertThat(next.events()).isZero();
        assertThat(temp).isEmptyDirectory();
    }

    @Test
    @DisplayName("F5 a line cut short by a kill, or damaged, is passed over and told; those around it are kept")
    void damaged(CapturedOutput output) throws IOException {
        append(UsageSpool.open(temp, PLENTY), "one", "two", "three");
        var file = temp.resolve("000000000000000001.events");
        Files.writeString(file, Files.readString(file).replace("two", "tvo"));
        Files.writeString(file, "e3069283 12345", StandardOpenOption.APPEND);

        var spool = UsageSpool.open(temp, PLENTY);
        append(spool, "four");

        assertThat(spool.events()).isEqualTo(3);
        assertThat(first(spool)).containsExactly("one", "three");
        spool.removeFirst();
        assertThat(first(spool)).containsExactly("four");
        assertThat(output).contains("2 lines that are damaged");
    }

    @Test
    @DisplayName("F5 what is not its own, or empty, is no event")
    void otherFiles() throws IOException {
        Files.writeString(temp.resolve("000000000000000007.events"), "");
        Files.writeString(temp.resolve("000000000000000008.events"), "nonsense\n\n zz\ne3069283\n");
        Files.writeString(temp.resolve("notes.txt"), "e3069283 123456789\n");

        var spool = UsageSpool.open(temp, PLENTY);

        assertThat(spool.pieces()).isZero();
        assertThat(spool.bytes()).isZero();
        assertThat(temp.resolve("notes.txt")).exists();
    }

    @Test
    @DisplayName("F5 no more is written than the limit allows, all or nothing")
    void limit() throws IOException {
        var spool = UsageSpool.open(temp, 3 * 13);

        assertThat(append(spool, "one", "two")).isTrue();
        assertThat(append(spool, "thr", "fou")).isFalse();
        assertThat(append(spool, "thr")).isTrue();
        assertThat(append(spool, "")).isFalse();

        assertThat(spool.bytes()).isEqualTo(3 * 13);
        assertThat(first(spool)).containsExactly("one", "two", "thr");
    }

    @Test
    @DisplayName("F5 what a failed write has left is written over")
    void failedWrite() throws IOException {
        var spool = UsageSpool.open(temp, PLENTY);
        append(spool, "one");
        var file = temp.resolve("000000000000000001.events");
        Files.writeString(file, "e3069283 12345", StandardOpenOption.APPEND);

        append(spool, "two");
        assertThat(first(UsageSpool.open(temp, PLENTY))).containsExactly("one", "two");

        Files.delete(file);
        assertThatThrownBy(spool::first).isInstanceOf(IOException.class);
        Files.createDirectory(temp.resolve("000000000000000002.events"));
        assertThatThrownBy(() -> append(spool, "three")).isInstanceOf(IOException.class);
        assertThat(spool.events()).isEqualTo(2);
    }

    private static boolean append(UsageSpool spool, String... values) throws IOException {
        return spool.append(
                List.of(values).stream().map(value -> value.getBytes(UTF_8)).toList());
    }

    private static List<String> first(UsageSpool spool) throws IOException {
        return spool.first().stream().map(value -> new String(value, UTF_8)).toList();
    }
}
