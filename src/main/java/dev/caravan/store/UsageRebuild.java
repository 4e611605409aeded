package dev.caravan.store;

import dev.caravan.usage.SecondCost;
import dev.caravan.usage.UsageEvent;
import dev.caravan.usage.UsageHistory;
import java.util.List;
import org.springframework.dao.DataAccessException;

/**
 * A replay at work: what was read from the topic goes to the log and to the statistics that are being built. Each step can
 * be repeated after a {@link DataAccessException}. For one thread at a time.
 */
public final class UsageRebuild implements AutoCloseable {

    private final long id;
    private final UsageHistory history;
    private final SecondCost second;
    private final UsageReplays replays;
    private final RequestLog log;
    private List<UsageEvent> events = List.of();

    /**
     * Made ready.
     *
     * @param id of a replay that has begun
     * @param history opened after that
     */
    public UsageRebuild(long id, UsageHistory history, SecondCost second, UsageReplays replays, RequestLog log) {
        this.id = id;
        this.history = history;
        this.second = second;
        this.replays = replays;
        this.log = log;
    }

    /** Whether there is more to read. */
    public boolean behind() {
        return history.behind();
    }

    /** Reads the next events, which may be none. */
    public void read() {
        events = history.next();
    }

    /** Writes what was read to the request log, over what it holds. */
    public void log() {
        log.rewrite(events, second);
    }

    /**
     * Adds what was read to the sums, and tells that this instance lives.
     *
     * @throws IllegalStateException if another one has taken it for dead
     */
    public void count() {
        expect(replays.add(id, events, second, history.read(), history.total()));
    }

    /**
     * Has the sums shown that were built.
     *
     * @throws IllegalStateException if another instance has taken it for dead
     */
    public void finish() {
        expect(replays.finish(id));
    }

    @Override
    public void close() {
        history.close();
    }

    private static void expect(boolean building) {
        if (!building) {
            throw new IllegalStateException("It took too long for a step, and another instance has given it up.");
        }
    }
}
