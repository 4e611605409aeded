package dev.caravan.jobs;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What may be done about a request of which a record has been read. */
public sealed interface Claim {

    /**
     * It is to be asked, by nobody else.
     *
     * @param attempts how often that was begun by now, this time included
     * @param earlierUsage the usage event of the attempts before; null if there were none, or it died with them
     */
    record Mine(int attempts, byte @Nullable [] earlierUsage) implements Claim {}

    /**
     * It was answered, and perhaps published: the same answer is to be published, by nobody else.
     *
     * @param responseId where the answer is kept
     * @param answer what {@link JobAnswer#toBytes} made
     * @param since when it was stored, to the second
     */
    record Kept(long responseId, byte[] answer, Instant since) implements Claim {}

    /**
     * Nothing is to be done.
     *
     * @param published whether it was answered for good; else it is a dead letter, or a later record of it is on the
     *     retry topic
     */
    record Over(boolean published) implements Claim {}

    /** Another instance, which is alive, is at it: look again later. */
    record Held() implements Claim {}

    /** The id is known for another endpoint or body. */
    record Conflict() implements Claim {}
}
