package dev.caravan.provider;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads server-sent events from a stream as it arrives: the {@code data} of each, comments and other fields left out,
 * with any of the three line ends and with or without a blank line at the very end.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream">the standard</a>
 */
public final class SseReader {

    /** One event longer than this is no chat chunk. */
    private static final int MAX_EVENT_BYTES = 16 << 20;

    private static final byte[] DATA = {'d', 'a', 't', 'a'};

    private final InputStream in;
    private final byte[] buffer = new byte[8192];
    private int position;
    private int limit;
    private byte[] line = new byte[512];
    private int lineLength;
    private boolean afterCarriageReturn;

    public SseReader(InputStream in) {
        this.in = in;
    }

    /**
     * Waits for the next event.
     *
     * @return its data, several lines joined by a line feed; null at the end of the stream
     */
    public byte @Nullable [] next() throws IOException {
        byte[] data = null;
        while (readLine()) {
            if (lineLength == 0) {
                if (data != null) {
                    return data;
                }
            } else if (isData()) {
                data = join(data, value());
            }
        }
        return lineLength > 0 && isData() ? join(data, value()) : data;
    }

    /** Reads up to the next line end; false at the end of the stream, when a rest without one may stand in the line. */
    private boolean readLine() throws IOException {
        lineLength = 0;
        while (true) {
            if (position == limit) {
                limit = in.read(buffer, 0, buffer.length);
                position = 0;
                if (limit <= 0) {
                    limit = 0;
                    return false;
                }
            }
            if (afterCarriageReturn) {
                afterCarriageReturn = false;
                if (buffer[position] == '\n') {
                    position++;
                    continue;
                }
            }
            var end = position;
            while (end < limit && buffer[end] != '\n' && buffer[end] != '\r') {
                end++;
            }
            append(end);
            if (end < limit) {
                afterCarriageReturn = buffer[end] == '\r';
                position = end + 1;
                return true;
            }
        }
    }

    private void append(int end) throws IOException {
        var more = end - position;
        if (lineLength + more > MAX_EVENT_BYTES) {
            throw new IOException("an event of more than " + MAX_EVENT_BYTES + " bytes");
        }
        if (lineLength + more > line.length) {
            line = Arrays.copyOf(line, Math.max(line.length * 2, lineLength + more));
        }
        System.arraycopy(buffer, position, line, lineLength, more);
        lineLength += more;
        position = end;
    }

    private boolean isData() {
        return lineLength >= DATA.length
                && Arrays.equals(line, 0, DATA.length, DATA, 0, DATA.length)
                && (lineLength == DATA.length || line[DATA.length] == ':');
    }

    private byte[] value() {
        var start = Math.min(lineLength, DATA.length + 1);
        if (start < lineLength && line[start] == ' ') {
            start++;
        }
        return Arrays.copyOfRange(line, start, lineLength);
    }

    private static byte[] join(byte @Nullable [] data, byte[] next) {
        if (data == null) {
            return next;
        }
        var joined = new ByteArrayOutputStream(data.length + 1 + next.length);
        joined.writeBytes(data);
        joined.write('\n');
        joined.writeBytes(next);
        return joined.toByteArray();
    }
}
