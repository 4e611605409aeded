package dev.caravan.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NdjsonReaderTest {

    private static final String STREAM = "{\"text\":\"größer 🐫\"}\n\n{\"a\": 1}\n \t\n{\"done\":true}\n";
    private static final List<String> LINES = List.of("{\"text\":\"größer 🐫\"}", "{\"a\": 1}", "{\"done\":true}");

    @Test
    @DisplayName("D3 Lines are the same with any line end, wherever the stream is cut into reads")
    void everyCutAndLineEnd() throws IOException {
        for (var end : List.of("\n", "\r\n", "\r")) {
            var bytes = STREAM.replace("\n", end).getBytes(UTF_8);
            for (var cut = 0; cut <= bytes.length; cut++) {
                var parts = new SequenceInputStream(
                        new ByteArrayInputStream(bytes, 0, cut),
                        new ByteArrayInputStream(bytes, cut, bytes.length - cut));
                assertThat(read(parts)).as("cut at %d", cut).isEqualTo(LINES);
            }
            assertThat(read(new OneByOne(bytes))).isEqualTo(LINES);
        }
    }

    @Test
    @DisplayName("D3 The last line needs no line end")
    void unfinishedEnd() throws IOException {
        assertThat(read(stream("\uFEFF1\n2"))).containsExactly("1", "2");
        assertThat(read(stream(""))).isEmpty();
        assertThat(read(stream("\n\n \r\n"))).isEmpty();
    }

    @Test
    @DisplayName("D3 A line is given when its end is here, before the stream goes on")
    void promptly() throws IOException {
        var silent = new InputStream() {
            @Override
            public int read() {
                throw new AssertionError("read on");
            }
        };
        var reader = new NdjsonReader(new SequenceInputStream(stream("{}\n"), silent));
        assertThat(reader.next()).asString(UTF_8).isEqualTo("{}");
    }

    @Test
    @DisplayName("D3 A long line is whole, and one without an end is refused")
    void longLines() throws IOException {
        var megabyte = "x".repeat(1 << 20);
        assertThat(read(stream(megabyte + "\n"))).containsExactly(megabyte);
        assertThatThrownBy(() -> read(stream(megabyte.repeat(17)))).isInstanceOf(IOException.class);
    }

    private static List<String> read(InputStream in) throws IOException {
        var reader = new NdjsonReader(in);
        var lines = new ArrayList<String>();
        for (var line = reader.next(); line != null; line = reader.next()) {
            lines.add(new String(line, UTF_8));
        }
        return lines;
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(UTF_8));
    }
}
