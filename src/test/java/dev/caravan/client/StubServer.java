package dev.caravan.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.Executors;

/** A server whose every answer a test writes itself. */
final class StubServer implements AutoCloseable {

    interface Answering {
        void answer(HttpExchange exchange) throws IOException, InterruptedException;
    }

    private final HttpServer server;

    StubServer(Answering answering) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try {
                answering.answer(exchange);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        });
        server.start();
    }

    static StubServer of(int status, Map<String, String> headers, String body) throws IOException {
        return new StubServer(exchange -> {
            try (exchange) {
                exchange.getRequestBody().readAllBytes();
                headers.forEach(exchange.getResponseHeaders()::set);
                var bytes = body.getBytes(UTF_8);
                exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        });
    }

    /** {@code http://127.0.0.1:PORT/v1}. */
    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
