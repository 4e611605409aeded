package dev.caravan.provider;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads newline-delimited JSON from a stream as it arrives: each line that is not blank, with or without a line end after
 * the last. Used by one thread.
 *
 * @see <a href="https://github.com/ndjson/ndjson-spec">the format</a>
 */
public final class NdjsonReader {

    private final LineReader lines;

    public NdjsonReader(InputStream in) {
        lines = new LineReader(in);
    }

    /**
     * Waits for the next line.
     *
     * @return what stands in it; null at the end of the stream
     */
    public byte @Nullable [] next() throws IOException {
        boolean more;
        do {
            more = lines.next();
            if (!isBlank()) {
                return Arrays.copyOf(lines.bytes(), lines.length());
            }
        } while (more);
        return null;
    }

    private boolean isBlank() {
        for (var i = 0; i < lines.length(); i++) {
            if (lines.bytes()[i] != ' ' && lines.bytes()[i] != '\t') {
                return false;
            }
        }
        return true;
    }
}
