package dev.caravan.jobs;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where claims are kept, for all instances together. What cannot be done is an exception; nothing is half done
 * then. Thread-safe.
 */
public interface ClaimStore {

    /**
     * The wish to work on a request.
     *
     * @param content identity of its endpoint and body
     * @param round how often the record was put on the retry topic
     */
    record Take(UUID id, UUID content, int round) {}

    /** An answer, from before it is published. */
    record Keep(UUID id, byte[] answer) {}

    /**
     * A request that is on the retry topic now.
     *
     * @param round how often it was put there, this time included: older records of it are void from now on
     * @param attempts how many attempts count by now
     */
    record Defer(UUID id, int round, int attempts, byte @Nullable [] usage) {}

    /**
     * A response that is published.
     *
     * @param dead whether it is an error, and the request on the dead letter topic
     */
    record Mark(UUID id, long responseId, boolean dead) {}

    /** Work that is done together; no id stands in it twice. */
    record Batch(List<Take> takes, List<Keep> keeps, List<Defer> defers, List<Mark> marks) {}

    /**
     * What came of it, each list in the order of the batch.
     *
     * @param kept where each answer is kept; null if the request belongs to somebody else by now
     * @param deferred false if the request belongs to somebody else by now
     */
    record Results(List<Claim> claims, List<@Nullable Long> kept, List<Boolean> deferred) {}

    /** How a request stands, as an operator sees it. */
    enum State {
        CLAIMED,
        ANSWERED,
        PUBLISHED,
        WAITING,
        DEAD,
        REPLAYED
    }

    /** It cannot be reached, or cannot do anything just now. */
    final class Away extends RuntimeException {

        private static final long serialVersionUID = 1;

        public Away(RuntimeException cause) {
            super(cause.toString(), cause);
        }
    }

    /**
     * Does it all in one transaction.
     *
     * @throws Away if that would fail for any batch
     */
    Results run(long incarnation, Batch batch);

    /**
     * Makes an instance known; whatever an instance of this name has claimed before is free.
     *
     * @return its incarnation, a number that no other start of any instance had
     */
    long join(String node, Duration lease);

    /** Prolongs the lease; false if another instance has joined by the same name. */
    boolean renew(long incarnation, Duration lease);

    /** Ends the lease now. */
    void leave(long incarnation);

    /** Frees a dead letter to be asked again; false if it is not dead or freed. One that is not known any more is free. */
    boolean revive(UUID id);

    /** How these requests stand; those that are not known are left out. */
    Map<UUID, State> states(Collection<UUID> ids);

    /** Forgets what has not changed since {@code before}; returns how many. */
    int forget(Instant before);
}
