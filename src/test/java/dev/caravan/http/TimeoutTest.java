package dev.caravan.http;

import static dev.caravan.http.Errors.error;
import static dev.caravan.http.Errors.json;
import static dev.caravan.testing.Providers.chat;
import static dev.caravan.testing.Providers.chunk;
import static dev.caravan.testing.Providers.completion;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.Providers;
import dev.caravan.testing.RunningBroker;
import dev.caravan.testing.ScriptedUpstream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How long a provider may take, and what ends an attempt that takes longer. */
class TimeoutTest {

    private static final String PATH = "/v1/chat/completions";
    private static final String ONCE = ",\"retry\":{\"max_retries\":0}";

    private final RunningBroker broker = RunningBroker.shared();

    @Test
    @DisplayName("D8 timeout bounds a whole answer, however many bytes keep coming")
    void drippingAnswer() {
        try (var upstream = ScriptedUpstream.start(call -> {
            call.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10000\r\n\r\n{");
            drip(call, " ");
        })) {
            var name = Providers.create(upstream.url(), "\"timeout\":0.5" + ONCE);
            var began = System.nanoTime();
            var error = error(broker.post(PATH, chat(name + ":m")), 504, "timeout");
            assertThat(error.at("/details/cause").asText()).isEqualTo("provider_timeout");
            assertThat(since(began)).isBetween(Duration.ofMillis(450), Duration.ofSeconds(5));
        }
    }

    @Test
    @DisplayName(
            "D8 timeout bounds the wait for a stream's first token, idle_timeout that for the next; comments count as"
                    + " silence")
    void slowStream() throws Exception {
        try (var upstream = ScriptedUpstream.start(call -> {
            call.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n");
            if (call.body().contains("begun")) {
                call.send("data: " + chunk("a") + "\n\n");
            }
            drip(call, ": still here\n\n");
        })) {
            var name = Providers.create(upstream.url(), "\"timeout\":0.6,\"idle_timeout\":0.3" + ONCE);
            var began = System.nanoTime();
            error(broker.post(PATH, chat(name + ":m", "\"stream\":true")), 504, "timeout");
            assertThat(since(began)).isBetween(Duration.ofMillis(550), Duration.ofSeconds(5));

            began = System.nanoTime();
            try (var client = StreamClient.ask(chat(name + ":m", "\"stream\":true,\"user\":\"begun\""))) {
                var events = client.events();
                assertThat(events).hasSize(2);
                assertThat(json(events.getLast()).at("/error/code").asText()).isEqualTo("timeout");
                assertThat(since(began)).isBetween(Duration.ofMillis(250), Duration.ofSeconds(5));
            }

            var patient = Providers.create(upstream.url(), "\"timeout\":0.3,\"idle_timeout\":1" + ONCE);
            began = System.nanoTime();
            try (var client = StreamClient.ask(chat(patient + ":m", "\"stream\":true,\"user\":\"begun\""))) {
                assertThat(client.events()).hasSize(2);
                assertThat(since(began)).isBetween(Duration.ofMillis(950), Duration.ofSeconds(6));
            }
        }
    }

    @Test
    @DisplayName(
            "D8 max_connections bounds the calls at once; one that waits longer than pool_timeout for its turn is 503, and"
                    + " does not speak against the provider")
    void pool() throws Exception {
        var turn = new CountDownLatch(1);
        try (var upstream = ScriptedUpstream.start(call -> {
            turn.await();
            call.json(200, completion("ok"));
        })) {
            var name = Providers.create(upstream.url(), "\"max_connections\":1,\"pool_timeout\":0.2" + ONCE);
            try (var first = StreamClient.ask(chat(name + ":m"))) {
                upstream.next();
                for (var i = 0; i < 12; i++) {
                    var error = error(broker.post(PATH, chat(name + ":m")), 503, "service_unavailable");
                    assertThat(error.at("/details/cause").asText()).isEqualTo("pool_exhausted");
                }
                turn.countDown();
                assertThat(first.status()).isEqualTo(200);
            }
        }
    }

    @Test
    @DisplayName("D8 connect_timeout bounds how long a connection may take to stand")
    void connect() throws Exception {
        try (var full = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            var waiting = new ArrayList<Socket>();
            try {
                fill(full, waiting);
                var name = Providers.create(
                        "http://127.0.0.1:" + full.getLocalPort() + "/v1", "\"connect_timeout\":0.3" + ONCE);
                var began = System.nanoTime();
                var error = error(broker.post(PATH, chat(name + ":m")), 503, "service_unavailable");
                assertThat(error.at("/details/cause").asText()).isEqualTo("cannot_connect");
                assertThat(since(began)).isBetween(Duration.ofMillis(250), Duration.ofSeconds(5));
            } finally {
                for (var socket : waiting) {
                    socket.close();
                }
            }
        }
    }

    @Test
    @DisplayName("C2 caravan.request-timeout ends an answer that drips, where neither request nor provider does")
    void requestTimeout() {
        try (var upstream = ScriptedUpstream.start(call -> {
                    call.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{");
                    drip(call, " ");
                });
                var other = RunningBroker.another(Map.of(
                        "caravan.request-timeout", "700ms",
                        "CARAVAN_API_KEYS", RunningBroker.CLIENT_KEY,
                        "CARAVAN_ADMIN_KEY", RunningBroker.ADMIN_KEY))) {
            other.admin("POST", "/admin/providers", """
                    {"name":"drips","type":"openai-compatible","base_url":"%s"}""".formatted(upstream.url()));
            var began = System.nanoTime();
            var error = error(other.post(PATH, chat("drips:m")), 504, "timeout");
            assertThat(error.at("/details/cause").asText()).isEqualTo("deadline");
            assertThat(since(began)).isBetween(Duration.ofMillis(650), Duration.ofSeconds(5));
        }
    }

    /** Says something every now and then, until the other side lets go. */
    private static void drip(ScriptedUpstream.Call call, String drop) throws Exception {
        var pause = new CountDownLatch(1);
        for (var i = 0; i < 400; i++) {
            call.send(drop);
            pause.await(50, TimeUnit.MILLISECONDS);
        }
    }

    /** Connects until a connection has to wait, since nobody accepts it. */
    private static void fill(ServerSocket listener, ArrayList<Socket> waiting) throws Exception {
        while (waiting.size() < 10) {
            var socket = new Socket();
            waiting.add(socket);
            try {
                socket.connect(new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort()), 200);
            } catch (SocketTimeoutException e) {
                return;
            }
        }
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }
}
