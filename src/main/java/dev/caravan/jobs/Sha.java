package dev.caravan.jobs;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/** SHA-256. */
final class Sha {

    private Sha() {}

    static byte[] of(byte[]... parts) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            for (var part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    /** Its first 128 bits: nobody finds two texts that share them, not even on purpose, at less than 2^64 tries. */
    static UUID shortened(byte[]... parts) {
        var bytes = ByteBuffer.wrap(of(parts));
        return new UUID(bytes.getLong(), bytes.getLong());
    }
}
