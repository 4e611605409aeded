package dev.caravan.reload;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a file held when it was read.
 *
 * @param digest SHA-256 in hex
 * @param text empty if there is a problem
 * @param problem why it cannot be read as a text; null if it can
 */
public record FileText(String digest, String text, @Nullable String problem) {

    /** Reads a file; nothing if it is not there. */
    static Optional<FileText> read(Path file) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (AccessDeniedException _) {
            return Optional.of(new FileText(digest(new byte[0]), "", "cannot be read: permission denied"));
        } catch (IOException e) {
            return Optional.of(new FileText(digest(new byte[0]), "", "cannot be read: " + e));
        }
        try {
            var text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return Optional.of(new FileText(digest(bytes), text, null));
        } catch (CharacterCodingException _) {
            return Optional.of(new FileText(digest(bytes), "", "must be UTF-8"));
        }
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Not the text: it may hold a key. */
    @Override
    public String toString() {
        return "FileText[" + digest + "]";
    }
}
