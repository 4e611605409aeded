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

    /** One event longer than this is no chat chunk. */
    private static final int MAX_EVENT_BYTES = 16 << 20;

    private static final byte[] DATA = {'d', 'a', 't', 'a'};
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final InputStream in;
    private final byte[] buffer = new byte[8192];
    private int position;
    private int limit;
    private byte[] line = new byte[512];
    private int lineLength;
    private boolean afterCarriageReturn;
    private boolean begun;

    public SseReader(InputStream in) {
        this.in = in;
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
            more = readLine();
            if (isData()) {
                if (first == null) {
                    first = value();
                } else {
                    all = join(all == null ? copy(first) : all, value());
                }
            } else if (lineLength == 0 && first != null) {
                more = false;
            }
        } while (more);
        return all == null ? first : all.toByteArray();
    }

    /** Reads the next line, without the byte order mark that the first may begin with. */
    private boolean readLine() throws IOException {
        var ended = readToLineEnd();
        var mark = BYTE_ORDER_MARK.length;
        if (!begun && lineLength >= mark && Arrays.equals(line, 0, mark, BYTE_ORDER_MARK, 0, mark)) {
            lineLength -= mark;
            System.arraycopy(line, mark, line, 0, lineLength);
        }
        begun = true;
        return ended;
    }

    /** Reads up to the next line end; false at the end of the stream, when a rest without one may stand in the line. */
    private boolean readToLineEnd() throws IOException {
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
            throw tooLong();
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

    private static ByteArrayOutputStream copy(byte[] first) {
        var copy = new ByteArrayOutputStream(first.length * 2);
        copy.writeBytes(first);
        return copy;
    }

    private static ByteArrayOutputStream join(ByteArrayOutputStream data, byte[] next) throws IOException {
        if (data.size() + next.length >= MAX_EVENT_BYTES) {
            throw tooLong();
        }
        data.write('\n');
        data.writeBytes(next);
        return data;
    }

    private static IOException tooLong() {
        return new IOException("an event of more than " + MAX_EVENT_BYTES + " bytes");
    }
}
