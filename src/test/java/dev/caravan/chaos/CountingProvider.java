package dev.caravan.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toUnmodifiableSet;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A provider in the test's own process, which no kill reaches: it answers with what it was asked, after a random while, and
 * counts how often each question came.
 */
final class CountingProvider implements AutoCloseable {

    /** What it does with a call. */
    enum Mood {
        FINE,
        /** Takes it and never answers. */
        HANGS,
        /** Answers 200 and something that is no completion. */
        GARBAGE
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> NONSENSE = List.of(
            "",
            "<html><body>It works!</body></html>",
            "{\"id\":\"chatcmpl-1\",\"object\":\"chat.compl",
            "{\"choices\":[]}",
            "[1,2,3]",
            "\u0000\uFFFF\u0007");

    private final HttpServer server;
    private final int slowestMillis;
    private final Map<String, Integer> calls = new ConcurrentHashMap<>();
    private final Map<String, Long> lastAsked = new ConcurrentHashMap<>();
    private final AtomicInteger odd = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Mood mood = Mood.FINE;
    private volatile int every = 1;

    /** @param slowestMillis answers come after 1 to so many milliseconds */
    CountingProvider(int slowestMillis) {
        // above 200 that are idle it would close them, which a caller notices too late
        System.setProperty("sun.net.httpserver.maxIdleConnections", "20000");
        this.slowestMillis = slowestMillis;
        try {
            server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 1000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/chat/completions", this::answer);
        server.start();
    }

    /** The base url for a provider of type {@code openai-compatible}. */
    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    /** How it is from now on to one of so many calls; to the others it is fine. */
    void turn(Mood next, int oneOf) {
        every = oneOf;
        odd.set(0);
        mood = next;
    }

    /** How many calls it was not fine to since it was turned. */
    int misbehaved() {
        return odd.get() / every;
    }

    /** How often each question was asked. */
    Map<String, Integer> calls() {
        return Map.copyOf(calls);
    }

    /** Counts from zero. */
    void forget() {
        calls.clear();
        lastAsked.clear();
    }

    /** The questions that were asked more than once. */
    Set<String> askedAgain() {
        return calls.entrySet().stream()
                .filter(each -> each.getValue() > 1)
                .map(Map.Entry::getKey)
                .collect(toUnmodifiableSet());
    }

    /** How often each of these was asked; those that never were are left out. */
    Map<String, Integer> askedOf(Set<String> questions) {
        var some = new HashMap<>(calls);
        some.keySet().retainAll(questions);
        return some;
    }

    /** The questions that were open at some time during the last while. */
    Set<String> askedWithin(Duration last) {
        var since = System.nanoTime() - last.toNanos();
        return lastAsked.entrySet().stream()
                .filter(each -> each.getValue() - since >= 0)
                .map(Map.Entry::getKey)
                .collect(toUnmodifiableSet());
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var question = JSON.readTree(exchange.getRequestBody().readAllBytes())
                    .at("/messages/0/content")
                    .asText();
            var known = question.substring(0, Math.min(100, question.length()));
            calls.merge(known, 1, Integer::sum);
            lastAsked.put(known, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(slowestMillis));
            var now = mood;
            if (now != Mood.FINE && odd.incrementAndGet() % every == 0) {
                misbehave(now, exchange);
                return;
            }
            pause();
            lastAsked.put(known, System.nanoTime());
            var answer = JSON.writeValueAsString(question.length() < 1000 ? "re " + question : "re long");
            send(exchange, """
                    {"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"m","choices":[{"index":0,\
                    "message":{"role":"assistant","content":%s},"finish_reason":"stop"}],\
                    "usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}""".formatted(answer));
        }
    }

    private void misbehave(Mood now, HttpExchange exchange) throws IOException {
        if (now == Mood.HANGS) {
            try {
                closed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        } else {
            send(exchange, NONSENSE.get(ThreadLocalRandom.current().nextInt(NONSENSE.size())));
        }
    }

    private static void send(HttpExchange exchange, String text) throws IOException {
        var body = text.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextInt(1, slowestMillis + 1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
