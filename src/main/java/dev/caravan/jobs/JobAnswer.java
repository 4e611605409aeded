package dev.caravan.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * All that is owed for a request: stored before any of it is published, so that a crash in between repeats it to the byte.
 *
 * @param response the response record
 * @param replyTo where it goes; null: to the topic of responses
 * @param usage the usage event, as JSON
 * @param death why the request is a dead letter; null if it is none
 */
public record JobAnswer(
        JobResponse response,
        JobRequest.@Nullable ReplyTo replyTo,
        byte[] usage,
        @Nullable Death death) {

    /**
     * Why a request could not be answered.
     *
     * @param reason {@code invalid} if it never can be, {@code exhausted} if it was tried as often as it may be
     * @param code that of the error
     * @param message that of the error
     * @param attempts how often it was tried
     */
    public record Death(String reason, String code, String message, int attempts) {}

    private static final int VERSION = 1;
    private static final int NO_PARTITION = -1;

    /** For the store. */
    public byte[] toBytes() {
        var bytes = new ByteArrayOutputStream(response.value().length + usage.length + 512);
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            write(out, response.id().getBytes(UTF_8));
            write(out, response.key());
            out.writeInt(response.headers().size());
            for (var header : response.headers().entrySet()) {
                out.writeUTF(header.getKey());
                write(out, header.getValue());
            }
            write(out, response.value());
            out.writeBoolean(replyTo != null);
            if (replyTo != null) {
                out.writeUTF(replyTo.topic());
                out.writeInt(replyTo.partition() == null ? NO_PARTITION : replyTo.partition());
            }
            write(out, usage);
            out.writeBoolean(death != null);
            if (death != null) {
                out.writeUTF(death.reason());
                out.writeUTF(death.code());
                write(out, death.message().getBytes(UTF_8));
                out.writeInt(death.attempts());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory takes whatever is written", e);
        }
        return bytes.toByteArray();
    }

    /** What {@link #toBytes} wrote. */
    public static JobAnswer of(byte[] stored) {
        try (var in = new DataInputStream(new ByteArrayInputStream(stored))) {
            var version = in.readByte();
            if (version != VERSION) {
                throw new IllegalStateException("A stored answer of version " + version);
            }
            var id = text(in);
            var key = read(in);
            var headers = new LinkedHashMap<String, byte[]>();
            for (var left = in.readInt(); left > 0; left--) {
                headers.put(in.readUTF(), need(in));
            }
            var response = new JobResponse(id, key, headers, need(in));
            var replyTo = in.readBoolean() ? new JobRequest.ReplyTo(in.readUTF(), partition(in.readInt())) : null;
            var usage = need(in);
            var death = in.readBoolean() ? new Death(in.readUTF(), in.readUTF(), text(in), in.readInt()) : null;
            return new JobAnswer(response, replyTo, usage, death);
        } catch (IOException e) {
            throw new UncheckedIOException("a stored answer is cut off", e);
        }
    }

    private static @Nullable Integer partition(int stored) {
        return stored == NO_PARTITION ? null : stored;
    }

    private static void write(DataOutputStream out, byte @Nullable [] bytes) throws IOException {
        out.writeInt(bytes == null ? -1 : bytes.length);
        if (bytes != null) {
            out.write(bytes);
        }
    }

    private static byte @Nullable [] read(DataInputStream in) throws IOException {
        var length = in.readInt();
        return length < 0 ? null : in.readNBytes(length);
    }

    private static byte[] need(DataInputStream in) throws IOException {
        var bytes = read(in);
        return bytes == null ? new byte[0] : bytes;
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(need(in), UTF_8);
    }
}
