package dev.caravan.usage;

import dev.caravan.plan.CallRecord;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How the calls to each provider went lately, on this instance: the last {@value #WINDOW} of them. Thread-safe.
 */
public final class ProviderHealth {

    private static final int WINDOW = 100;

    /**
     * How one provider does.
     *
     * @param calls how many calls it is judged by
     * @param responseTimeMs the mean latency of those, in milliseconds
     * @param consecutiveFailures how many failed since the last that succeeded
     * @param successRate percent of those that succeeded; 100 where there were none
     */
    public record State(int calls, double responseTimeMs, int consecutiveFailures, double successRate) {

        static final State UNKNOWN = new State(0, 0, 0, 100);
    }

    private final Map<String, Window> windows = new ConcurrentHashMap<>();

    /** Notes a call; one that the broker let go of says nothing. */
    public void note(CallRecord call) {
        if (!call.cancelled()) {
            windows.computeIfAbsent(call.provider(), _ -> new Window())
                    .add(call.status() < 500, call.latency().toNanos() / 1e6);
        }
    }

    /** How the provider of this name does. */
    public State of(String provider) {
        var window = windows.get(provider);
        return window == null ? State.UNKNOWN : window.state();
    }

    private static final class Window {

        private final boolean[] succeeded = new boolean[WINDOW];
        private final double[] millis = new double[WINDOW];
        private int next;
        private int size;
        private int successes;
        private int consecutiveFailures;
        private double totalMillis;

        synchronized void add(boolean success, double latencyMillis) {
            if (size == WINDOW) {
                successes -= succeeded[next] ? 1 : 0;
                totalMillis -= millis[next];
            } else {
                size++;
            }
            succeeded[next] = success;
            millis[next] = latencyMillis;
            successes += success ? 1 : 0;
            totalMillis += latencyMillis;
            consecutiveFailures = success ? 0 : consecutiveFailures + 1;
            next = (next + 1) % WINDOW;
        }

        synchronized State state() {
            return new State(
                    size,
                    Math.round(totalMillis / size * 100) / 100.0,
                    consecutiveFailures,
                    Math.round(1000.0 * successes / size) / 10.0);
        }
    }
}
