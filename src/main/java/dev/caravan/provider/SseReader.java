package dev.caravan.provider;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads server-sent events from a stream as it arrives: the {@code data} of each, comments and other fields left out,
 * with any of the three line ends, with or without a byte order mark before them all and a blank line after. Used by one
 * thread.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream">the standard</a>
 */
public final class SseReader {

    private static final byte[] DATA = {'d', 'a', 't', 'a'};

    private final LineReader lines;

    public SseReader(InputStream in) {
        lines = new LineReader(in);
    }

    /**
     * Waits for the next event.
     *
     * @return its data, several lines joined by a line feed; null at the end of the stream
     */
    public byte @Nullable [] next() throws IOException {
        byte[] first = null;
        ByteArrayOutputStream all = null;
        boolean more;
        do {
            more = lines.next();
            if (isData()) {
                if (first == null) {
                    first = value();
                } else {
                    all = join(all == null ? copy(first) : all, value());
                }
            } else if (lines.length() == 0 && first != null) {
                more = false;
            }
        } while (more);
        return all == null ? first : all.toByteArray();
    }

    private boolean isData() {
        var line = lines.bytes();
        return lines.length() >= DATA.length
                && Arrays.equals(line, 0, DATA.length, DATA, 0, DATA.length)
                && (lines.length() == DATA.length || line[DATA.length] == ':');
    }

    private byte[] value() {
        var start = Math.min(lines.length(), DATA.length + 1);
        if (start < lines.length() && lines.bytes()[start] == ' ') {
            start++;
        }
        return Arrays.copyOfRange(lines.bytes(), start, lines.length());
    }

    private static ByteArrayOutputStream copy(byte[] first) {
        var copy = new ByteArrayOutputStream(first.length * 2);
        copy.writeBytes(first);
        return copy;
    }

    private static ByteArrayOutputStream join(ByteArrayOutputStream data, byte[] next) throws IOException {
        if (data.size() + next.length >= LineReader.MAX_BYTES) {
            throw LineReader.tooLong();
        }
        data.write('\n');
        data.writeBytes(next);
        return data;
    }
}
