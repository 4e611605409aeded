package dev.caravan.route;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * How long each model at each provider lets its callers wait, on this instance: the median of its last answers. What is old
 * counts no more, so that who was slow once is tried again. Thread-safe; it holds a bounded number of models.
 */
public final class Latencies {

    private static final int WINDOW = 64;
    private static final int MOST_MODELS = 2_000;
    private static final int ENOUGH = 3;
    private static final long OLD = Duration.ofMinutes(10).toNanos();
    private static final double MILLION = 1e6;

    private record Key(String provider, String model) {}

    /**
     * What is known of one model at one provider.
     *
     * @param firstTokenMs the median time to the first token of streams, in milliseconds; empty while too few are known
     * @param answerMs the median time to the end of whole answers, in milliseconds; empty while too few are known
     */
    public record Waits(OptionalDouble firstTokenMs, OptionalDouble answerMs) {

        static final Waits UNKNOWN = new Waits(OptionalDouble.empty(), OptionalDouble.empty());

        /** What a choice goes by: first tokens where they are known, else whole answers. */
        OptionalDouble typicalMs() {
            return firstTokenMs.isPresent() ? firstTokenMs : answerMs;
        }
    }

    private record Windows(Window firstTokens, Window answers) {}

    private final LongSupplier nanos;
    private final Map<Key, Windows> windows = new ConcurrentHashMap<>();

    public Latencies() {
        this(System::nanoTime);
    }

    Latencies(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Notes how long a streamed answer let wait for its first token. */
    public void firstToken(String provider, String model, Duration wait) {
        note(provider, model, wait, true);
    }

    /** Notes how long a whole answer took. */
    public void answer(String provider, String model, Duration wait) {
        note(provider, model, wait, false);
    }

    /** How long this model lets wait at this provider. */
    public Waits of(String provider, String model) {
        var known = windows.get(new Key(provider, model));
        if (known == null) {
            return Waits.UNKNOWN;
        }
        var now = nanos.getAsLong();
        return new Waits(known.firstTokens().median(now), known.answers().median(now));
    }

    private void note(String provider, String model, Duration wait, boolean streamed) {
        var key = new Key(provider, model);
        var known = windows.get(key);
        if (known == null) {
            if (windows.size() >= MOST_MODELS) {
                return;
            }
            known = windows.computeIfAbsent(key, _ -> new Windows(new Window(), new Window()));
        }
        (streamed ? known.firstTokens() : known.answers()).add(wait.toNanos(), nanos.getAsLong());
    }

    private static final class Window {

        private final long[] waits = new long[WINDOW];
        private final long[] noted = new long[WINDOW];
        private int size;
        private int next;

        synchronized void add(long wait, long now) {
            waits[next] = wait;
            noted[next] = now;
            next = (next + 1) % WINDOW;
            size = Math.min(size + 1, WINDOW);
        }

        synchronized OptionalDouble median(long now) {
            var fresh = new long[size];
            var count = 0;
            for (var i = 0; i < size; i++) {
                if (now - noted[i] < OLD) {
                    fresh[count++] = waits[i];
                }
            }
            if (count < ENOUGH) {
                return OptionalDouble.empty();
            }
            Arrays.sort(fresh, 0, count);
            return OptionalDouble.of(Math.round(fresh[count / 2] / MILLION * 100) / 100.0);
        }
    }
}
