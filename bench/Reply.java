package bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** One HTTP response as it arrives: where it ends, and whether it is the right one. Used again for the next. */
final class Reply {

    private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(US_ASCII);
    private static final byte[] LENGTH = "\r\ncontent-length:".getBytes(US_ASCII);
    private static final byte[] CHUNKED = "\r\ntransfer-encoding: chunked".getBytes(US_ASCII);
    private static final byte[] CLOSE = "\r\nconnection: close".getBytes(US_ASCII);
    private static final byte[] OK = " 200".getBytes(US_ASCII);
    private static final int CHUNKS = -1;

    private byte[] bytes = new byte[1024];
    private int size;
    private int body; // where it begins; 0 before the head is complete
    private int length; // of the body; CHUNKS if it is chunked
    private int chunk; // where the next chunk begins
    private boolean closes;

    void clear() {
        size = 0;
        body = 0;
    }

    /** Takes what was read; true when the response is complete. */
    boolean complete(ByteBuffer read) {
        var more = read.remaining();
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
        }
        read.get(bytes, size, more);
        size += more;
        if (body == 0 && !head()) {
            return false;
        }
        return length == CHUNKS ? chunksEnd() : size >= body + length;
    }

    /** Whether the body has text of the answer yet: the first of its marks. */
    boolean holdsText() {
        return body > 0 && Mark.find(bytes, body, size) >= 0;
    }

    /** Whether it is 200 and holds the mark as often as it should. */
    boolean isRight(long mark, int marks) {
        return Mark.find(bytes, 8, 12, OK) == 8 && Mark.count(bytes, body, size, mark) == marks;
    }

    /** Whether the connection ends with this response. */
    boolean closes() {
        return closes;
    }

    @Override
    public String toString() {
        return new String(bytes, 0, Math.min(size, 2000), US_ASCII);
    }

    private boolean head() {
        var end = Mark.find(bytes, 0, size, END_OF_HEAD);
        if (end < 0) {
            return false;
        }
        body = end + END_OF_HEAD.length;
        chunk = body;
        closes = header(CLOSE, end) >= 0;
        var value = header(LENGTH, end);
        length = value >= 0 ? number(value) : header(CHUNKED, end) >= 0 ? CHUNKS : 0;
        return true;
    }

    /** Where the value of a header begins, names in any case; -1 if it is not there. */
    private int header(byte[] name, int end) {
        for (var at = 8; at <= end - name.length; at++) {
            var matched = 0;
            while (matched < name.length && lower(bytes[at + matched]) == name[matched]) {
                matched++;
            }
            if (matched == name.length) {
                return at + matched;
            }
        }
        return -1;
    }

    private int number(int at) {
        var i = at;
        while (bytes[i] == ' ') {
            i++;
        }
        var value = 0;
        for (; bytes[i] >= '0' && bytes[i] <= '9'; i++) {
            value = value * 10 + (bytes[i] - '0');
        }
        return value;
    }

    private boolean chunksEnd() {
        while (chunk < size) {
            var line = chunk;
            var value = 0;
            for (; line < size && bytes[line] != '\r'; line++) {
                value = value * 16 + Character.digit(bytes[line], 16);
            }
            if (line + 1 >= size) {
                return false;
            }
            if (value == 0) {
                return Mark.find(bytes, line, size, END_OF_HEAD) == line;
            }
            chunk = line + 2 + value + 2;
        }
        return false;
    }

    private static int lower(byte character) {
        return character >= 'A' && character <= 'Z' ? character + 32 : character;
    }
}
