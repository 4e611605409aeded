package dev.caravan.usage;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Usage events that Kafka has not taken yet.
 *
 * @param inMemory how many wait in memory, those included that are being sent
 * @param onDisk how many wait on disk
 * @param onDiskBytes the size of their files
 * @param dropped how many were given up since the start
 * @param kafkaAwaySince when the oldest event was first sent without an answer; null while Kafka takes events
 */
public record Backlog(
        int inMemory,
        int onDisk,
        long onDiskBytes,
        long dropped,
        @Nullable Instant kafkaAwaySince) {

    /** How many wait, wherever. */
    public int waiting() {
        return inMemory + onDisk;
    }
}
