package dev.caravan.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.caravan.door.RawClient.Response;
import dev.caravan.testing.TestCertificate;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class DoorTlsTest {

    private static final TestCertificate FIRST = TestCertificate.made("EC");
    private static final TestCertificate SECOND = TestCertificate.made("RSA");

    @Test
    @DisplayName("F1 over TLS requests, streams and refusals are as without; HTTP/2 is not offered")
    void serves() throws Exception {
        Certificate certificate = new Certificate(FIRST.key(), FIRST.chain());
        try (Door door = open(certificate, Map.of("bodyBytes", 1000));
                HttpClient http = HttpClient.newBuilder()
                        .sslContext(FIRST.trusting())
                        .version(Version.HTTP_2)
                        .build()) {
            var uri = URI.create("https://127.0.0.1:" + door.port() + "/path");
            var answer = http.send(
                    HttpRequest.newBuilder(uri)
                            .POST(HttpRequest.BodyPublishers.ofString("body"))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(answer.body()).isEqualTo("POST /path {} body");
            assertThat(answer.version()).isEqualTo(Version.HTTP_1_1);
            try (RawClient client = RawClient.over(socket(door, FIRST))) {
                client.send("POST / HTTP/1.1\r\nHost: door\r\nContent-Length: 1001\r\n\r\n" + "x".repeat(1001));
                assertThat(client.receive().status()).isEqualTo(413);
                assertThat(client.isClosedByPeer()).isTrue();
            }
            await().until(() -> door.bodyBytes() == 0);
        }
    }

    @Test
    @DisplayName("F1 ALPN: http/1.1 is chosen, also where h2 is preferred")
    void alpn() throws IOException {
        try (Door door = open(new Certificate(FIRST.key(), FIRST.chain()), Map.of());
                SSLSocket socket = socket(door, FIRST)) {
            var parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            assertThat(socket.getApplicationProtocol()).isEqualTo("http/1.1");
            assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
        }
    }

    @Test
    @DisplayName("F1 TLS 1.2 is spoken, but a client may not negotiate again and again; older versions are not spoken")
    void versions() throws IOException {
        try (Door door = open(new Certificate(FIRST.key(), FIRST.chain()), Map.of());
                SSLSocket socket = socket(door, FIRST);
                SSLSocket old = socket(door, FIRST)) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            RawClient client = RawClient.over(socket);
            assertThat(client.get("/").receive().status()).isEqualTo(200);
            assertThatIOException().isThrownBy(() -> {
                socket.startHandshake();
                client.get("/").receive();
            });
            old.setEnabledProtocols(new String[] {"TLSv1.1"});
            assertThatIOException().isThrownBy(old::startHandshake);
        }
    }

    @Test
    @DisplayName("F1 plain HTTP at a TLS port is told so, in plain HTTP")
    void plain() throws IOException {
        try (Door door = open(new Certificate(FIRST.key(), FIRST.chain()), Map.of());
                RawClient client = RawClient.to(door)) {
            Response refusal = client.get("/").receive();
            assertThat(refusal.status()).isEqualTo(400);
            assertThat(refusal.body()).contains("invalid_request", "use https");
            assertThat(door.refused(RefusalReason.PLAIN_HTTP)).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("F1 a handshake that does not end, or is nonsense, ends the connection and is counted")
    void badHandshakes() throws IOException {
        try (Door door = open(new Certificate(FIRST.key(), FIRST.chain()), Map.of("headerTime", 300));
                RawClient silent = RawClient.to(door);
                RawClient nonsense = RawClient.to(door)) {
            silent.send("\u0016\u0003\u0001\u0000\u0040\u0001");
            nonsense.send("\u0016\u0003\u0001\u0000\u0005\u0001\u0000\u0000\u0001\u0000");
            nonsense.rest();
            silent.rest();
            await().until(() -> door.refused(RefusalReason.TLS_HANDSHAKE) == 2 && door.connections() == 0);
            assertThat(door.failures()).isZero();
        }
    }

    @Test
    @DisplayName("F1 a replaced certificate is shown to new connections; those that are open serve on")
    void replaced() throws IOException {
        Certificate certificate = new Certificate(FIRST.key(), FIRST.chain());
        try (Door door = open(certificate, Map.of());
                RawClient before = RawClient.over(socket(door, FIRST))) {
            assertThat(before.get("/1").receive().status()).isEqualTo(200);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> certificate.replace(FIRST.key(), SECOND.chain()))
                    .withMessageContaining("does not belong");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> certificate.replace(FIRST.key(), List.<X509Certificate>of()));
            assertThat(shown(door, FIRST)).isEqualTo(FIRST.chain().getFirst());

            certificate.replace(SECOND.key(), SECOND.chain());
            assertThat(shown(door, SECOND)).isEqualTo(SECOND.chain().getFirst());
            assertThat(before.get("/2").receive().status()).isEqualTo(200);
        }
    }

    private static Door open(Certificate certificate, Map<String, Integer> limits) {
        return Door.open(
                new DoorOptions("127.0.0.1", 0, Doors.limits(limits), CorsPolicy.OFF, certificate, Set.of()),
                Doors::echo,
                Doors.REFUSALS);
    }

    private static SSLSocket socket(Door door, TestCertificate trusted) throws IOException {
        return (SSLSocket) trusted.trusting().getSocketFactory().createSocket("127.0.0.1", door.port());
    }

    private static java.security.cert.Certificate shown(Door door, TestCertificate trusted) throws IOException {
        try (SSLSocket socket = socket(door, trusted)) {
            socket.startHandshake();
            return socket.getSession().getPeerCertificates()[0];
        }
    }
}
