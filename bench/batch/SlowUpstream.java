package bench.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.caravan.testing.BrokerProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A provider that takes five seconds for an answer, and counts how many it is asked at a time. */
final class SlowUpstream implements AutoCloseable {

    static final int MILLIS = 5000;
    static final String MODEL = "slow:m";

    private static final byte[] ANSWER = """
            {"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"m","choices":[{"index":0,\
            "message":{"role":"assistant","content":"Here it is."},"finish_reason":"stop"}],\
            "usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}""".getBytes(UTF_8);

    private final HttpServer server;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final List<Integer> samples = new ArrayList<>();

    SlowUpstream() throws IOException {
        // it would close connections above 200 that are idle
        System.setProperty("sun.net.httpserver.maxIdleConnections", "10000");
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 8192);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/chat/completions", this::answer);
        server.start();
        Thread.ofVirtual().start(this::sample);
    }

    void addTo(BrokerProcess broker) throws IOException, InterruptedException {
        var provider = """
                {"name":"slow","type":"openai-compatible","base_url":"http://127.0.0.1:%d/v1"}"""
                .formatted(server.getAddress().getPort());
        var answer = HttpClient.newHttpClient()
                .send(broker.adminPost("/admin/providers", provider).build(), BodyHandlers.ofString());
        if (answer.statusCode() != 201) {
            throw new IllegalStateException(answer.body());
        }
    }

    /** Mean and peak of the middle half of the time since it was first asked, and begins anew. */
    synchronized String inFlight() {
        var steady = samples.subList(samples.size() / 4, samples.size() * 3 / 4);
        var said = "%,.0f, %,d"
                .formatted(
                        steady.stream().mapToInt(each -> each).average().orElse(0),
                        steady.stream().mapToInt(each -> each).max().orElse(0));
        samples.clear();
        return said;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            inFlight.incrementAndGet();
            exchange.getRequestBody().readAllBytes();
            pause(MILLIS);
            inFlight.decrementAndGet();
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, ANSWER.length);
            exchange.getResponseBody().write(ANSWER);
        }
    }

    private void sample() {
        while (true) {
            pause(100);
            synchronized (this) {
                if (inFlight.get() > 0) {
                    samples.add(inFlight.get());
                }
            }
        }
    }

    private static void pause(int millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
