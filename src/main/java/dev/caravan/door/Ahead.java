package dev.caravan.door;

import dev.caravan.door.Arrival.Complete;
import java.util.ArrayDeque;
import java.util.Queue;

/** What a client has sent ahead of its turn. For one event loop. */
final class Ahead {

    /** Bytes at which reading stops; together with one body still being read, this bounds memory. */
    private static final int MUCH = 64 * 1024;

    private static final int TOO_MUCH = 16 * MUCH;

    private final Traffic traffic;
    private final Queue<Arrival> waiting = new ArrayDeque<>(2);
    private int bytes;
    private int count;

    Ahead(Traffic traffic) {
        this.traffic = traffic;
    }

    void add(Arrival arrival) {
        count++;
        waiting.add(arrival);
        bytes += arrival.weight();
    }

    /** The next one, whose memory is the caller's from now on; there must be one. */
    Arrival next() {
        Arrival next = waiting.remove();
        bytes -= next.weight();
        return next;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    boolean isMuch() {
        return bytes >= MUCH;
    }

    /** More than a client has reason to send before its first answer: thousands of tiny ones fit into one read. */
    boolean isTooMuch() {
        return bytes >= TOO_MUCH && waiting.size() > 1;
    }

    /** How many have come so far. */
    int count() {
        return count;
    }

    /** Forgets them and lets go of their memory. */
    void clear() {
        for (Arrival arrival : waiting) {
            if (arrival instanceof Complete(var request)) {
                traffic.letGo(request.body().length);
            }
        }
        waiting.clear();
        bytes = 0;
    }
}
