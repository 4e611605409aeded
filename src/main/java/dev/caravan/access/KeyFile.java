package dev.caravan.access;

import dev.caravan.catalog.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A key that is made at the first start and kept in a file that only its owner can read. */
final class KeyFile {

    private static final Logger LOG = LoggerFactory.getLogger(KeyFile.class);
    private static final int BYTES = 32;

    private KeyFile() {}

    /** The key that stands in {@code file}; a new one is made where there is no file. */
    static Startup<Secret> readOrMake(Path file) {
        try {
            if (Files.notExists(file)) {
                make(file);
                LOG.info("Made a new key in {}", file);
            }
            var key = Files.readString(file).strip();
            return key.isEmpty()
                    ? new Startup.Refused<>("The key file " + file
                            + " is empty: put the key back, or delete the file to" + " have a new key made.")
                    : new Startup.Ready<>(new Secret(key));
        } catch (IOException e) {
            return new Startup.Refused<>("The key file " + file + " cannot be read or made: " + e + ".");
        }
    }

    /** Written aside and moved, so that a crash leaves the whole key or none. */
    private static void make(Path file) throws IOException {
        var random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        var folder = Files.createDirectories(file.toAbsolutePath().getParent());
        var aside = Files.createTempFile(folder, file.getFileName().toString(), ".new", ownerOnly(folder));
        Files.writeString(aside, Base64.getUrlEncoder().withoutPadding().encodeToString(random) + "\n");
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static FileAttribute<?>[] ownerOnly(Path folder) {
        return folder.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
