package dev.caravan.jobs;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * The records that are being worked on, and so the offsets that may be committed: of each partition, everything below
 * its lowest unfinished record. Work finishes in any order; a crash repeats what is not committed, and loses nothing.
 *
 * <p>One window serves all consumers of a process: the bound is on what is held in memory. Thread-safe.
 */
public final class OffsetWindow {

    /** One record in the window. It belongs to one stay of its partition at this process, and is worthless after it. */
    public static final class Ticket {

        private final OffsetWindow window;
        private final Stay stay;
        private final long offset;
        private final int bytes;
        private boolean taken;
        private boolean done;

        private Ticket(OffsetWindow window, Stay stay, long offset, int bytes) {
            this.window = window;
            this.stay = stay;
            this.offset = offset;
            this.bytes = bytes;
        }

        /** Marks the record as finished. */
        public void done() {
            window.done(this);
        }

        /** Gives the record back unfinished: it takes no room any more, and is read again after the next start. */
        public void giveBack() {
            window.giveBack(this);
        }

        @Override
        public String toString() {
            return "offset " + offset;
        }
    }

    /** The time from the assignment of a partition to its revocation. */
    private static final class Stay {

        private final TreeMap<Long, Ticket> open = new TreeMap<>();
        private long next;
        private long committed;

        private Stay(long first) {
            next = first;
            committed = first;
        }

        private long finished() {
            return open.isEmpty() ? next : open.firstKey();
        }
    }

    private final int maxRecords;
    private final long maxBytes;
    private final Map<TopicPartition, Stay> stays = new HashMap<>();
    private int records;
    private long bytes;
    private boolean closed;

    /**
     * A window that is full as soon as one of its bounds is reached. What one poll brings is let in as a whole.
     *
     * @param maxRecords how many records may be worked on at a time
     * @param maxBytes how many bytes of keys and values they may have together
     */
    public OffsetWindow(int maxRecords, long maxBytes) {
        this.maxRecords = maxRecords;
        this.maxBytes = maxBytes;
    }

    /** Lets a polled record in. From here on nothing behind it is committed before it is done. */
    public synchronized void begin(TopicPartition partition, long offset, int size) {
        var stay = stays.get(partition);
        if (stay != null && offset < stay.next) {
            // The position went back (a topic made anew, an offset out of range): what was counted before is void.
            drop(partition);
            stay = null;
        }
        if (stay == null) {
            stay = new Stay(offset);
            stays.put(partition, stay);
        }
        stay.open.put(offset, new Ticket(this, stay, offset, size));
        stay.next = offset + 1;
        records++;
        bytes += size;
    }

    /**
     * Takes the ticket of a record to work on. To be called before the next poll, since that may take the partition away.
     *
     * @throws IllegalStateException if the record was never let in: a mistake in the route
     */
    public synchronized Ticket ticket(String topic, int partition, long offset) {
        var stay = stays.get(new TopicPartition(topic, partition));
        var ticket = stay == null ? null : stay.open.get(offset);
        if (ticket == null) {
            throw new IllegalStateException(
                    "Offset %d of %s-%d is not in the window: its consumer must come from the windowed client factory"
                            .formatted(offset, topic, partition));
        }
        ticket.taken = true;
        return ticket;
    }

    /**
     * Marks a record as finished.
     *
     * @return false if that changes no offset: it was finished before, or its partition has gone to somebody else
     */
    public synchronized boolean done(Ticket ticket) {
        if (ticket.done) {
            return false;
        }
        finish(ticket);
        return ticket.stay.open.remove(ticket.offset) != null;
    }

    private synchronized void giveBack(Ticket ticket) {
        if (!ticket.done) {
            finish(ticket);
        }
    }

    /** Whether no more records should be polled for now. */
    public synchronized boolean full() {
        return closed || records >= maxRecords || bytes >= maxBytes;
    }

    /** Lets no more records in: what is worked on is finished and committed, the rest is left to others. */
    public synchronized void close() {
        closed = true;
    }

    /** Whether it was closed: what a poll brings now must be left alone. */
    public synchronized boolean closed() {
        return closed;
    }

    /** How many records are being worked on. */
    public synchronized int inFlight() {
        return records;
    }

    /** How many bytes of keys and values these have. */
    public synchronized long inFlightBytes() {
        return bytes;
    }

    /** The offsets to commit, which is the first that is not finished, of those partitions in which it has moved. */
    public synchronized Map<TopicPartition, Long> committable(Collection<TopicPartition> partitions) {
        var offsets = new HashMap<TopicPartition, Long>();
        for (var partition : partitions) {
            var stay = stays.get(partition);
            if (stay != null && stay.finished() > stay.committed) {
                offsets.put(partition, stay.finished());
            }
        }
        return offsets;
    }

    /** Remembers what Kafka has taken, so that it is not committed again. */
    public synchronized void committed(Map<TopicPartition, Long> offsets) {
        offsets.forEach((partition, offset) -> {
            var stay = stays.get(partition);
            if (stay != null) {
                stay.committed = Math.max(stay.committed, offset);
            }
        });
    }

    /**
     * Forgets partitions that were revoked or lost. Work that has begun goes on and counts against the bounds until it
     * is done, but moves no offset any more.
     */
    public synchronized void drop(Collection<TopicPartition> partitions) {
        partitions.forEach(this::drop);
    }

    private void drop(TopicPartition partition) {
        var stay = stays.remove(partition);
        if (stay != null) {
            stay.open.values().stream().filter(ticket -> !ticket.taken).forEach(this::finish);
            stay.open.clear();
        }
    }

    private void finish(Ticket ticket) {
        ticket.done = true;
        records--;
        bytes -= ticket.bytes;
    }
}
