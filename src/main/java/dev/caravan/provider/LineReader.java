package dev.caravan.provider;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Reads lines from a stream as it arrives: with any of the three line ends, with or without a byte order mark before them
 * all. A line stands in {@link #bytes} until the next is read. Used by one thread.
 */
final class LineReader {

    /** No event of a chat is longer. */
    static final int MAX_BYTES = 16 << 20;

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final InputStream in;
    private final byte[] buffer = new byte[8192];
    private int position;
    private int limit;
    private byte[] line = new byte[512];
    private int length;
    private boolean afterCarriageReturn;
    private boolean begun;

    LineReader(InputStream in) {
        this.in = in;
    }

    /**
     * Waits for the next line.
     *
     * @return false at the end of the stream, when a rest without a line end may stand in the line
     */
    boolean next() throws IOException {
        var ended = readToLineEnd();
        var mark = BYTE_ORDER_MARK.length;
        if (!begun && length >= mark && Arrays.equals(line, 0, mark, BYTE_ORDER_MARK, 0, mark)) {
            length -= mark;
            System.arraycopy(line, mark, line, 0, length);
        }
        begun = true;
        return ended;
    }

    /** The line, in its first {@link #length} bytes. */
    byte[] bytes() {
        return line;
    }

    int length() {
        return length;
    }

    static IOException tooLong() {
        return new IOException("an event of more than " + MAX_BYTES + " bytes");
    }

    private boolean readToLineEnd() throws IOException {
        length = 0;
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
        if (length + more > MAX_BYTES) {
            throw tooLong();
        }
        if (length + more > line.length) {
            line = Arrays.copyOf(line, Math.max(line.length * 2, length + more));
        }
        System.arraycopy(buffer, position, line, length, more);
        length += more;
        position = end;
    }
}
