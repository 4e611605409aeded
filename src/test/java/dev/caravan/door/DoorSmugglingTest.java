package dev.caravan.door;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.door.RawClient.Response;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Forms that another program on the connection may read in another way: none of them, nor what follows, is served. */
@ExtendWith(NoLeaks.class)
class DoorSmugglingTest {

    private static final String NEXT = "GET /smuggled HTTP/1.1\r\nHost: door\r\n\r\n";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST / HTTP/1.1~Host: door~Content-Length: 3~Content-Length: 3~~abc",
                "POST / HTTP/1.1~Host: door~Content-Length: 3~content-length: 5~~abc",
                "POST / HTTP/1.0~Content-Length: 3~Content-Length: 5~~abc",
                "POST / HTTP/1.1~Host: door~Content-Length: 3, 3~~abc",
                "POST / HTTP/1.1~Host: door~Content-Length: +3~~abc",
                "POST / HTTP/1.1~Host: door~Content-Length: 0x3~~abc",
                "POST / HTTP/1.1~Host: door~Content-Length: 3 3~~abc",
                "POST / HTTP/1.1~Host: door~Content-Length:~~",
                "POST / HTTP/1.1~Host: door~Content-Length: 99999999999999999999~~",
                "POST / HTTP/1.1~Host: door~Content-Length: 5~Transfer-Encoding: chunked~~0~~",
                "POST / HTTP/1.1~Host: door~Transfer-Encoding: chunked~Content-Length: 5~~0~~",
                "POST / HTTP/1.1~Host: door~Transfer-Encoding: identity~Content-Length: 3~~abc",
                "POST / HTTP/1.1~Host: door~Transfer-Encoding: chunked, chunked~~0~~",
                "POST / HTTP/1.1~Host: door~Transfer-Encoding: chunked~Transfer-Encoding: identity~~0~~",
                "POST / HTTP/1.1~Host: door~Transfer-Encoding: identity~Transfer-Encoding: chunked~~0~~",
                "POST / HTTP/1.1~Host: door~Transfer-Encoding: xchunked~~0~~",
                "POST / HTTP/1.1~Host: door~Transfer-Encoding: gzip~~0~~",
                "POST / HTTP/1.1~Host: door~Transfer-Encoding: \u000bchunked~~0~~",
                "POST / HTTP/1.1~Host: door~Transfer-Encoding:~~0~~",
                "POST / HTTP/1.0~Transfer-Encoding: chunked~~0~~",
                "POST / HTTP/1.2~Host: door~Transfer-Encoding: chunked~~0~~",
                "POST / HTTP/1.1~Host: door~Transfer-Encoding : chunked~~0~~",
                "POST / HTTP/1.1~Host: door~Content-Length : 3~~abc",
                "POST / HTTP/1.1~Host : door~~",
                "POST / HTTP/1.1~Host: door~X:~ Content-Length: 3~~",
                "POST / HTTP/1.1~Host: door~X: a~\tb~~",
                "POST / HTTP/1.1~ Host: door~~",
                " POST / HTTP/1.1~Host: door~~",
                "POST  / HTTP/1.1~Host: door~~",
                "POST /  HTTP/1.1~Host: door~~",
                "POST\t/ HTTP/1.1~Host: door~~",
                "POST /\rX HTTP/1.1~Host: door~~",
                "POST / HTTP/1.1 ~Host: door~~",
                "POST / HTTP/1.1\nHost: door\n\n",
                "POST / HTTP/1.1~Host: door\nX: y~~",
                "POST / HTTP/1.1~Host: door~\n",
                "POST / HTTP/1.1~Host: door~X: a\rb~~",
                "POST / HTTP/1.1~Host: door~X: a\0b~~",
                "POST / HTTP/1.1~Host: door~X\0: a~~",
                "POST / HTTP/1.1~Host: door~: a~~",
                "POST / HTTP/1.1~Host: door~Host: other~~",
                "POST / HTTP/1.1~~",
                "POST / HTTP/1.1~Host: door~Transfer-Encoding: chunked~~3 x~abc~0~~",
                "POST / HTTP/1.1~Host: door~Transfer-Encoding: chunked~~ 3~abc~0~~",
                "POST / HTTP/1.1~Host: door~Transfer-Encoding: chunked~~3 ~abc~0~~",
                "POST / HTTP/1.1~Host: door~Transfer-Encoding: chunked~~+3~abc~0~~",
                "POST / HTTP/1.1~Host: door~Transfer-Encoding: chunked~~-3~abc~0~~",
                "POST / HTTP/1.1~Host: door~Transfer-Encoding: chunked~~0x3~abc~0~~",
                "POST / HTTP/1.1~Host: door~Transfer-Encoding: chunked~~~abc~0~~",
                "POST / HTTP/1.1~Host: door~Transfer-Encoding: chunked~~80000000~abc~0~~",
                "POST / HTTP/1.1~Host: door~Transfer-Encoding: chunked~~000000000003~abc~0~~",
                "POST / HTTP/1.1~Host: door~Transfer-Encoding: chunked~~100000003~abc~0~~",
                "POST / HTTP/1.1~Host: door~Transfer-Encoding: chunked~~3\nabc~0~~",
                "POST / HTTP/1.1~Host: door~Transfer-Encoding: chunked~~3;a\nb~abc~0~~",
                "POST / HTTP/1.1~Host: door~Transfer-Encoding: chunked~~2~abc~0~~",
                "POST / HTTP/1.1~Host: door~Transfer-Encoding: chunked~~3~abcde~0~~",
                "POST / HTTP/1.1~Host: door~Transfer-Encoding: chunked~~3~abc\n0~~",
                "POST / HTTP/1.1~Host: door~Transfer-Encoding: chunked~~0~X: a~ b~~",
                "POST / HTTP/1.1~Host: door~Transfer-Encoding: chunked~~0~X : a~~",
                "GET /\u00e4 HTTP/1.1~Host: door~~",
                "GET path HTTP/1.1~Host: door~~",
                "GET /%0d%0a HTTP/1.1~Host: door~~",
                "PRI * HTTP/2.0~~SM~~",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003",
                "SSH-2.0-OpenSSH_9.6~",
                "{\"model\": \"sim-echo\"}~",
                "\u0000\u0000\u0000\u0000",
                "GET / HTTP/1.1~Host: door~\u0000\u0001~~",
            })
    @DisplayName("C10 a form that can be read in two ways is refused with our body, and nothing behind it is served")
    void refused(String form) throws IOException {
        AtomicInteger served = new AtomicInteger();
        try (Door door = Doors.open((request, reply) -> {
                    served.incrementAndGet();
                    Doors.echo(request, reply);
                });
                RawClient client = RawClient.to(door)) {
            client.send(form.replace("~", "\r\n") + NEXT);
            Response refusal = client.receive();
            assertThat(refusal.status()).isEqualTo(400);
            assertThat(refusal.header("connection")).isEqualTo("close");
            assertThat(refusal.body()).contains("invalid_request", refusal.header("x-request-id"));
            assertThat(client.isClosedByPeer()).isTrue();
            assertThat(served).hasValue(0);
            assertThat(door.refused(RefusalReason.MALFORMED)).isEqualTo(1);
            assertThat(door.bodyBytes()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "~~POST / HTTP/1.1~Host: door~Content-Length: 3~~abc",
                "POST / HTTP/1.1~Host:door~Content-Length:   3\t ~~abc",
                "POST / HTTP/1.0~Content-Length: 3~Connection: keep-alive~~abc",
                "POST / HTTP/1.1~Host: door~Content-Length-X: 1~Content-Length: 3~~abc",
                "POST / HTTP/1.1~Host: door~Transfer-Encoding: CHUNKED~~3~abc~0~~",
                "POST / HTTP/1.1~Host: door~Transfer-Encoding: chunked~~03~abc~000~~",
                "POST / HTTP/1.1~Host: door~Transfer-Encoding: chunked~~2;a=b;c=\"d\"~ab~1 ;e~c~0~~",
                "POST / HTTP/1.1~Host: door~Transfer-Encoding: chunked~~1~a~1~b~1~c~0~X: y~Z: z~~",
            })
    @DisplayName("F1 forms that are unusual but have one meaning are served, whole or byte by byte")
    void served(String form) throws IOException {
        try (Door door = Doors.open(Doors::echo)) {
            String bytes = form.replace("~", "\r\n");
            try (RawClient client = RawClient.to(door)) {
                client.send(bytes + NEXT);
                assertThat(client.receive().body()).isEqualTo("POST / {} abc");
                assertThat(client.receive().body()).isEqualTo("GET /smuggled {} ");
            }
            try (RawClient client = RawClient.to(door)) {
                for (char each : (bytes + NEXT).toCharArray()) {
                    client.send(String.valueOf(each));
                }
                assertThat(client.receive().body()).isEqualTo("POST / {} abc");
                assertThat(client.receive().body()).isEqualTo("GET /smuggled {} ");
            }
            assertThat(door.bodyBytes()).isZero();
        }
    }

    @Test
    @DisplayName("C10 too many headers are 431, however short")
    void manyHeaders() throws IOException {
        try (Door door = Doors.open(Doors::echo);
                RawClient client = RawClient.to(door)) {
            client.send("GET / HTTP/1.1\r\nHost: door\r\n" + "a:\r\n".repeat(255) + "\r\n");
            assertThat(client.receive().status()).isEqualTo(200);
            client.send("GET / HTTP/1.1\r\nHost: door\r\n" + "a:\r\n".repeat(256) + "\r\n");
            assertThat(client.receive().status()).isEqualTo(431);
            assertThat(door.refused(RefusalReason.HEADERS_TOO_LARGE)).isEqualTo(1);
        }
    }
}
