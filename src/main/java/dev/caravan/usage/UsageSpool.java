package dev.caravan.usage;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Usage events on disk, oldest first: files to which lines are appended, and which are deleted as a whole when Kafka has
 * their events. A line is the CRC-32C of an event's JSON in hexadecimal digits, a space, and the JSON. What was appended is
 * forced to the disk before {@link #append} returns. The folder is made when something is written for the first time.
 * Not thread-safe.
 */
public final class UsageSpool {

    private static final Logger LOG = LoggerFactory.getLogger(UsageSpool.class);
    private static final String SUFFIX = ".events";
    private static final int CRC_DIGITS = 8;
    private static final HexFormat HEX = HexFormat.of();

    /** A file of this size gets no more lines. It is also about what is sent, and after a crash sent again, at once. */
    private static final long FULL_FILE = 1 << 20;

    private static final class Segment {
        private final Path file;
        private int events;
        private long bytes;
        private boolean sealed;

        private Segment(Path file) {
            this.file = file;
        }
    }

    private final Path folder;
    private final long maxBytes;
    private final Deque<Segment> segments = new ArrayDeque<>();
    private long lastNumber;
    private int events;
    private long bytes;

    private UsageSpool(Path folder, long maxBytes) {
        this.folder = folder;
        this.maxBytes = maxBytes;
    }

    /**
     * Finds what an earlier run left. A folder that cannot be read is told in the log and taken for an empty one; what it
     * may hold is not written over.
     *
     * @param folder need not exist; nobody else may use it
     * @param maxBytes how large all files together may become; 0: nothing is written
     */
    public static UsageSpool open(Path folder, long maxBytes) {
        var spool = new UsageSpool(folder, maxBytes);
        if (Files.exists(folder)) {
            try (var files = Files.list(folder)) {
                files.filter(file -> file.getFileName().toString().matches("\\d{18}\\" + SUFFIX))
                        .sorted()
                        .forEach(spool::found);
            } catch (IOException | UncheckedIOException e) {
                LOG.error("What waits in {} cannot be read: {}", folder, e.toString());
                spool.lastNumber = System.currentTimeMillis() * 1000;
            }
        }
        return spool;
    }

    /**
     * Writes events behind all others: all of them or, if there is no room, none.
     *
     * @param values JSON of one line each
     * @return whether there was room
     * @throws IOException if they cannot be written; then none is
     */
    boolean append(List<byte[]> values) throws IOException {
        var lines = lines(values);
        if (bytes + lines.length > maxBytes) {
            return false;
        }
        var segment = segments.peekLast();
        if (segment == null || segment.sealed || segment.bytes + lines.length > FULL_FILE) {
            segment = new Segment(file(lastNumber + 1));
        }
        Files.createDirectories(folder);
        write(segment.file, segment.bytes, lines);
        if (segment != segments.peekLast()) {
            segments.add(segment);
            // Never again, even when it is gone: a file that was skipped may still be there.
            lastNumber++;
        }
        grow(segment, values.size(), lines.length);
        return true;
    }

    /** The same for events that are to be read, and removed, by themselves. */
    boolean appendApart(List<byte[]> values) throws IOException {
        seal();
        var room = append(values);
        seal();
        return room;
    }

    /**
     * The oldest events, which stay until {@link #removeFirst()}; nothing is appended to them any more. Lines that were
     * damaged are passed over and told in the log.
     *
     * @throws IOException if they cannot be read
     */
    List<byte[]> first() throws IOException {
        var segment = segments.getFirst();
        segment.sealed = true;
        return read(segment.file, segment.bytes);
    }

    /** Deletes the oldest events: Kafka has them. */
    void removeFirst() {
        var segment = leaveFirst();
        try {
            Files.deleteIfExists(segment.file);
        } catch (IOException e) {
            LOG.error("{} cannot be deleted, so its usage events are sent again after a restart: {}", segment.file, e);
        }
    }

    /** Passes over the oldest events, and leaves their file to the next start. */
    Path skipFirst() {
        return leaveFirst().file;
    }

    /** In how many pieces the events are read. */
    int pieces() {
        return segments.size();
    }

    /** How many events there are. */
    int events() {
        return events;
    }

    /** The size of all files. */
    long bytes() {
        return bytes;
    }

    /** Where the files are. */
    Path folder() {
        return folder;
    }

    private void seal() {
        var last = segments.peekLast();
        if (last != null) {
            last.sealed = true;
        }
    }

    private Segment leaveFirst() {
        var segment = segments.removeFirst();
        events -= segment.events;
        bytes -= segment.bytes;
        return segment;
    }

    private void found(Path file) {
        var name = file.getFileName().toString();
        lastNumber = Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
        var segment = new Segment(file);
        // Behind a line that was cut short no other may stand.
        segment.sealed = true;
        try {
            var size = Files.size(file);
            var readable = read(file, size).size();
            if (readable == 0) {
                Files.delete(file);
                return;
            }
            segments.add(segment);
            grow(segment, readable, size);
        } catch (IOException e) {
            LOG.error("{} cannot be read, so its usage events wait for the next start: {}", file, e.toString());
        }
    }

    private void grow(Segment segment, int moreEvents, long moreBytes) {
        segment.events += moreEvents;
        segment.bytes += moreBytes;
        events += moreEvents;
        bytes += moreBytes;
    }

    private Path file(long number) {
        return folder.resolve("%018d".formatted(number) + SUFFIX);
    }

    private static void write(Path file, long at, byte[] lines) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            // An earlier attempt may have left a part of its lines.
            channel.truncate(at).position(at);
            try {
                var rest = ByteBuffer.wrap(lines);
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
                channel.force(false);
            } catch (IOException e) {
                channel.truncate(at);
                if (at == 0) {
                    Files.delete(file);
                }
                throw e;
            }
        }
    }

    private static byte[] lines(List<byte[]> values) {
        var lines = new ByteArrayOutputStream(
                values.stream().mapToInt(value -> value.length + CRC_DIGITS + 2).sum());
        for (var value : values) {
            lines.writeBytes(HEX.toHexDigits(crc(value)).getBytes(US_ASCII));
            lines.write(' ');
            lines.writeBytes(value);
            lines.write('\n');
        }
        return lines.toByteArray();
    }

    private static List<byte[]> read(Path file, long size) throws IOException {
        var content = Files.readAllBytes(file);
        if (content.length < size) {
            throw new NoSuchFileException(file.toString(), null, "a part of it is gone");
        }
        var values = new ArrayList<byte[]>();
        var damaged = 0;
        var end = Math.toIntExact(size);
        for (var start = 0; start < end; ) {
            var lineEnd = start;
            while (lineEnd < end && content[lineEnd] != '\n') {
                lineEnd++;
            }
            if (lineEnd < end && intact(content, start, lineEnd)) {
                values.add(Arrays.copyOfRange(content, start + CRC_DIGITS + 1, lineEnd));
            } else {
                damaged++;
            }
            start = lineEnd + 1;
        }
        if (damaged > 0) {
            LOG.warn("{} has {} lines that are damaged or cut short and passed over", file, damaged);
        }
        return values;
    }

    private static boolean intact(byte[] content, int start, int end) {
        var json = start + CRC_DIGITS + 1;
        if (json >= end || content[json - 1] != ' ') {
            return false;
        }
        var digits = new String(content, start, CRC_DIGITS, US_ASCII);
        return digits.chars().allMatch(HexFormat::isHexDigit)
                && HexFormat.fromHexDigits(digits) == crc(Arrays.copyOfRange(content, json, end));
    }

    private static int crc(byte[] value) {
        var crc = new CRC32C();
        crc.update(value);
        return (int) crc.getValue();
    }
}
