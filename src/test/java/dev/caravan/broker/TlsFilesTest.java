package dev.caravan.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.testing.TestCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class TlsFilesTest {

    private static final TestCertificate FIRST = TestCertificate.made("EC");
    private static final TestCertificate SECOND = TestCertificate.made("EC");

    @TempDir
    Path folder;

    private Path certificate;
    private Path key;

    @BeforeEach
    void write() throws IOException {
        certificate = Files.writeString(folder.resolve("cert.pem"), FIRST.certificatePem());
        key = Files.writeString(folder.resolve("key.pem"), FIRST.keyPem());
    }

    @Test
    @DisplayName("A renewed pair is taken over once both files fit; until then, and with a bad pair, the old one stays")
    void renewed(CapturedOutput output) throws IOException {
        var files = Objects.requireNonNull(open());
        assertThat(files.certificate().notAfter()).isEqualTo(expiry(FIRST));

        Files.writeString(certificate, SECOND.certificatePem());
        files.refresh();
        files.refresh();
        assertThat(files.certificate().notAfter()).isEqualTo(expiry(FIRST));
        assertThat(output.getOut().split("does not belong", -1)).as("told once").hasSize(2);

        Files.writeString(key, SECOND.keyPem());
        files.refresh();
        assertThat(output).contains("is in force");

        Files.writeString(key, "nonsense");
        files.refresh();
        assertThat(output).contains("key.pem holds no private key");
        Files.delete(key);
        files.refresh();
        assertThat(output).contains("There is no file " + key);
        Files.writeString(key, SECOND.keyPem());
        files.refresh();
        assertThat(output).doesNotContain("BEGIN", SECOND.keyPem().substring(40, 80));
    }

    @Test
    @DisplayName("Files that cannot be used refuse the start with one sentence")
    void refused() throws IOException {
        assertRefused(
                new DoorSettings.Tls(certificate, null), "caravan.door.tls.private-key belong together: the second is");
        assertRefused(new DoorSettings.Tls(null, key), "the first is not set");
        assertRefused(new DoorSettings.Tls(folder.resolve("none.pem"), key), "There is no file");
        assertRefused(new DoorSettings.Tls(key, key), "key.pem holds no certificates in PEM form");
        assertRefused(new DoorSettings.Tls(certificate, certificate), "cert.pem holds no private key");
        Files.writeString(key, SECOND.keyPem());
        assertRefused(new DoorSettings.Tls(certificate, key), "does not belong to the first certificate");
    }

    @Test
    @DisplayName("Without files there is no TLS; an expired certificate is used, with a warning")
    void others(CapturedOutput output) {
        assertThat(TlsFiles.open(new DoorSettings.Tls(null, null), Clock.systemUTC()))
                .isNull();
        var later = Clock.offset(
                Clock.systemUTC(), Duration.between(Instant.now(), expiry(FIRST).plusSeconds(60)));
        assertThat(TlsFiles.open(new DoorSettings.Tls(certificate, key), later)).isNotNull();
        assertThat(output).contains("expired at");
    }

    private @Nullable TlsFiles open() {
        return TlsFiles.open(new DoorSettings.Tls(certificate, key), Clock.systemUTC());
    }

    private static Instant expiry(TestCertificate certificate) {
        return certificate.chain().getFirst().getNotAfter().toInstant();
    }

    private static void assertRefused(DoorSettings.Tls settings, String sentence) {
        assertThatThrownBy(() -> TlsFiles.open(settings, Clock.systemUTC()))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining(sentence);
    }
}
