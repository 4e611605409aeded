package dev.caravan.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.caravan.catalog.Secret;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.function.Function;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.encrypt.AesBytesEncryptor;
import org.springframework.security.crypto.encrypt.AesBytesEncryptor.CipherAlgorithm;
import org.springframework.security.crypto.keygen.KeyGenerators;

/**
 * The key under which providers' keys are stored: AES-GCM with 256 bits and a fresh random vector each time.
 * Thread-safe.
 */
public final class MasterKey {

    private static final byte[] SALT = "dev.caravan.master-key".getBytes(UTF_8);
    private static final int ITERATIONS = 100_000;
    private static final int VECTOR_BYTES = 16;

    private final AesBytesEncryptor cipher;

    /** The master key that is derived from this text, whatever its length. */
    public MasterKey(Secret text) {
        this.cipher =
                new AesBytesEncryptor(derive(text), KeyGenerators.secureRandom(VECTOR_BYTES), CipherAlgorithm.GCM);
    }

    /**
     * {@code CARAVAN_MASTER_KEY}, or {@code master.key} in the data folder, made at the first start. Instances with a
     * shared database must agree on it, so there it has to be given.
     */
    public static Startup<MasterKey> find(Function<String, @Nullable String> lookup, Path data) {
        return StartKey.find("CARAVAN_MASTER_KEY", lookup, data.resolve("master.key"), MasterKey::new);
    }

    /** The text, unreadable to all who lack this key. */
    public byte[] seal(Secret secret) {
        return cipher.encrypt(secret.reveal().getBytes(UTF_8));
    }

    /** The text that {@link #seal} was given; nothing if that was done under another key, or the bytes were changed. */
    public Optional<Secret> open(byte[] sealed) {
        try {
            return Optional.of(new Secret(new String(cipher.decrypt(sealed), UTF_8)));
        } catch (IllegalStateException _) {
            return Optional.empty();
        }
    }

    private static SecretKeySpec derive(Secret text) {
        try {
            var factory = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256");
            var spec = new PBEKeySpec(text.reveal().toCharArray(), SALT, ITERATIONS, 256);
            return new SecretKeySpec(factory.generateSecret(spec).getEncoded(), "AES");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has PBKDF2WithHmacSHA256", e);
        }
    }
}
