package dev.caravan.testing;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The same chat request again and again, at a steady rate, or as fast as a busy machine lets it, until it is closed. A
 * stream counts as answered only with its last event.
 */
public final class Load implements AutoCloseable {

    private static final int MOST_IN_FLIGHT = 100;

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().factory());
    private final Semaphore inFlight = new Semaphore(MOST_IN_FLIGHT);
    private final Phaser running = new Phaser(1);
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger answered = new AtomicInteger();
    private final boolean stream;

    private Load(boolean stream) {
        this.stream = stream;
    }

    /** Begins to send {@code json} to the shared broker, so many times a second. */
    public static Load of(String json, int perSecond) {
        var load = new Load(json.contains("\"stream\":true"));
        load.clock.scheduleAtFixedRate(
                () -> load.send(json), 0, TimeUnit.SECONDS.toNanos(1) / perSecond, TimeUnit.NANOSECONDS);
        return load;
    }

    /** How many requests were answered with 200 so far. */
    public int answered() {
        return answered.get();
    }

    /** Stops, waits for those in flight, and tells what else but 200 came back. */
    public List<String> failures() {
        close();
        return List.copyOf(failures);
    }

    @Override
    public void close() {
        clock.shutdownNow();
        running.arriveAndAwaitAdvance();
    }

    private void send(String json) {
        if (inFlight.tryAcquire()) {
            running.register();
            Thread.ofVirtual().start(() -> ask(json));
        }
    }

    private void ask(String json) {
        try {
            var response = RunningBroker.shared().post("/v1/chat/completions", json);
            var whole = !stream || response.body().contains("data: [DONE]");
            if (response.statusCode() == 200 && whole) {
                answered.incrementAndGet();
            } else {
                failures.add(response.statusCode() + " " + response.body());
            }
        } catch (RuntimeException e) {
            failures.add(e.toString());
        } finally {
            inFlight.release();
            running.arriveAndDeregister();
        }
    }
}
