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
class SseReaderTest {

    private static final String STREAM = """
            : keep-alive

            event: message
            id: 7
            retry: 10
            data: {"text":"größer 🐫"}

            data:no space
            data
            data:  two spaces
            :data: a comment

            database: another field

            data: [DONE]

            """;

    private static final List<String> EVENTS = List.of("{\"text\":\"größer 🐫\"}", "no space\n\n two spaces", "[DONE]");

    @Test
    @DisplayName("D3 Events are the same with any line end, wherever the stream is cut into reads")
    void everyCutAndLineEnd() throws IOException {
        for (var end : List.of("\n", "\r\n", "\r")) {
            var bytes = STREAM.replace("\n", end).getBytes(UTF_8);
            for (var cut = 0; cut <= bytes.length; cut++) {
                assertThat(read(parts(bytes, cut))).as("cut at %d", cut).isEqualTo(EVENTS);
            }
        }
    }

    @Test
    @DisplayName("D3 Events are the same when every read brings one byte")
    void byteByByte() throws IOException {
        for (var end : List.of("\n", "\r\n", "\r")) {
            var bytes = STREAM.replace("\n", end).getBytes(UTF_8);
            assertThat(read(new OneByOne(bytes))).isEqualTo(EVENTS);
        }
    }

    @Test
    @DisplayName("D3 A byte order mark may stand at the beginning, and only there")
    void byteOrderMark() throws IOException {
        assertThat(read(stream("\uFEFFdata: a\n\n\uFEFFdata: b\n\ndata: \uFEFFc\n\n")))
                .containsExactly("a", "\uFEFFc");
        assertThat(read(new OneByOne("\uFEFFdata: a\n\n".getBytes(UTF_8)))).containsExactly("a");
        assertThat(read(stream("\uFEFF"))).isEmpty();
    }

    @Test
    @DisplayName("D3 The last event needs neither blank line nor line end")
    void unfinishedEnd() throws IOException {
        assertThat(read(stream("data: a\n\ndata: b"))).containsExactly("a", "b");
        assertThat(read(stream("data: a\n\ndata: b\n"))).containsExactly("a", "b");
        assertThat(read(stream("data: a\ndata: b"))).containsExactly("a\nb");
        assertThat(read(stream("data: a\n\nevent: x"))).containsExactly("a");
        assertThat(read(stream(""))).isEmpty();
        assertThat(read(stream("\n\n\r\r\n"))).isEmpty();
    }

    @Test
    @DisplayName("D3 An event without text is an event")
    void emptyData() throws IOException {
        assertThat(read(stream("data:\n\ndata\n\ndata: \n\n"))).containsExactly("", "", "");
    }

    @Test
    @DisplayName("D3 An event is given when its blank line is here, before the stream goes on")
    void promptly() throws IOException {
        var silent = new InputStream() {
            @Override
            public int read() {
                throw new AssertionError("read on");
            }
        };
        for (var end : List.of("\n\n", "\r\n\r\n", "\r\r")) {
            var reader = new SseReader(new SequenceInputStream(stream("data: a" + end), silent));
            assertThat(reader.next()).asString(UTF_8).isEqualTo("a");
        }
    }

    @Test
    @DisplayName("D3 A long event is whole, and one without an end is refused, in one line or in many")
    void longEvents() throws IOException {
        var megabyte = "x".repeat(1 << 20);
        assertThat(read(stream("data: " + megabyte + "\n\n"))).containsExactly(megabyte);
        assertThatThrownBy(() -> read(stream("data: " + megabyte.repeat(17)))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> read(stream(("data: " + megabyte + "\n").repeat(17))))
                .isInstanceOf(IOException.class);
    }

    private static List<String> read(InputStream in) throws IOException {
        var reader = new SseReader(in);
        var events = new ArrayList<String>();
        for (var event = reader.next(); event != null; event = reader.next()) {
            events.add(new String(event, UTF_8));
        }
        return events;
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(UTF_8));
    }

    private static InputStream parts(byte[] bytes, int cut) {
        return new SequenceInputStream(
                new ByteArrayInputStream(bytes, 0, cut), new ByteArrayInputStream(bytes, cut, bytes.length - cut));
    }
}
