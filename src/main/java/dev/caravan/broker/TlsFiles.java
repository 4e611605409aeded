package dev.caravan.broker;

import dev.caravan.door.Certificate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.pem.PemContent;

/** The door's certificate out of two PEM files, which may be replaced while the broker runs. For one thread at a time. */
final class TlsFiles {

    private static final Logger LOG = LoggerFactory.getLogger(TlsFiles.class);

    private record Texts(String certificate, String key) {
        /** Nothing: one is a secret. */
        @Override
        public String toString() {
            return "Texts";
        }
    }

    private record Pair(PrivateKey key, List<X509Certificate> chain) {}

    private final Path certificateFile;
    private final Path keyFile;
    private final Clock clock;
    private final Certificate certificate;
    private @Nullable Texts seen;
    private String toldProblem = "";

    private TlsFiles(Path certificateFile, Path keyFile, Clock clock) {
        this.certificateFile = certificateFile;
        this.keyFile = keyFile;
        this.clock = clock;
        var texts = read();
        var pair = parse(texts);
        this.certificate = new Certificate(pair.key(), pair.chain());
        this.seen = texts;
        warnIfExpired();
    }

    /**
     * Reads the files for the first time; null where TLS is not set.
     *
     * @throws StartRefused if one file is missing, or they cannot be used
     */
    static @Nullable TlsFiles open(DoorSettings.Tls settings, Clock clock) {
        var certificate = settings.certificate();
        var key = settings.privateKey();
        if (certificate == null && key == null) {
            return null;
        }
        if (certificate == null || key == null) {
            throw new StartRefused("caravan.door.tls.certificate and caravan.door.tls.private-key belong together: "
                    + (key == null ? "the second" : "the first") + " is not set.");
        }
        try {
            return new TlsFiles(certificate, key, clock);
        } catch (IllegalArgumentException e) {
            throw new StartRefused("TLS cannot be spoken with " + certificate + " and " + key + ": " + e.getMessage());
        }
    }

    Certificate certificate() {
        return certificate;
    }

    /** Takes over what has changed in the files; if that cannot be used, the log says why, and what was stays. */
    void refresh() {
        try {
            var texts = read();
            if (texts.equals(seen)) {
                return;
            }
            seen = texts;
            var pair = parse(texts);
            certificate.replace(pair.key(), pair.chain());
            toldProblem = "";
            LOG.info("The certificate of {} is in force, until {}", certificateFile, certificate.notAfter());
            warnIfExpired();
        } catch (IllegalArgumentException e) {
            if (!toldProblem.equals(e.getMessage())) {
                toldProblem = String.valueOf(e.getMessage());
                LOG.error(
                        "{} and {} cannot be used, and the certificate that was stays in force: {}",
                        certificateFile,
                        keyFile,
                        e.getMessage());
            }
        }
    }

    private Texts read() {
        return new Texts(read(certificateFile), read(keyFile));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("There is no file " + file + ".", e);
        } catch (IOException e) {
            throw new IllegalArgumentException("The file " + file + " cannot be read: " + e + ".", e);
        }
    }

    private Pair parse(Texts texts) {
        try {
            var chain = PemContent.of(texts.certificate()).getCertificates();
            try {
                var key = PemContent.of(texts.key()).getPrivateKey();
                if (key == null) {
                    throw new IllegalArgumentException(keyFile + " holds no private key in PEM form.");
                }
                return new Pair(key, chain);
            } catch (IllegalStateException e) {
                // Not the cause's words: they might be the key's.
                throw new IllegalArgumentException(
                        keyFile + " holds no private key in PEM form that can be read, without a password.", e);
            }
        } catch (IllegalStateException e) {
            throw new IllegalArgumentException(certificateFile + " holds no certificates in PEM form.", e);
        }
    }

    private void warnIfExpired() {
        if (certificate.notAfter().isBefore(Instant.now(clock))) {
            LOG.warn("The certificate of {} expired at {}", certificateFile, certificate.notAfter());
        }
    }
}
