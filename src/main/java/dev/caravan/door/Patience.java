package dev.caravan.door;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;

/**
 * How long a connection has been waited for. It is looked at now and then, and finds out by itself what has changed since:
 * so the way of a request through the door costs no clock and no timer. For one event loop.
 */
final class Patience {

    /** What a connection is waited for. */
    enum Phase {
        /** A request. */
        IDLE,
        /** The rest of the headers. */
        HEAD,
        /** The rest of the body. */
        BODY,
        /** Nothing: it is our turn. */
        BUSY
    }

    private static final long SECOND = 1_000_000_000L;

    private final DoorLimits limits;
    private Phase phase = Phase.IDLE;
    private int turn;
    private long since = System.nanoTime();
    private long outstanding;
    private long movedAt = since;

    Patience(DoorLimits limits) {
        this.limits = limits;
    }

    /**
     * Whether the connection has been waited for too long.
     *
     * @param seen the phase that it is in
     * @param seenTurn how many requests have come, to tell one phase from the next of its kind
     * @param received bytes of the body that is waited for
     * @param hasty whether it is to be let go of soon
     */
    boolean isOver(long now, Phase seen, int seenTurn, int received, boolean hasty) {
        if (seen != phase || seenTurn != turn) {
            phase = seen;
            turn = seenTurn;
            since = now;
        }
        return now - since > allowed(received, hasty);
    }

    private long allowed(int received, boolean hasty) {
        return switch (phase) {
            case IDLE ->
                hasty ? limits.headerTime().toNanos() : limits.idleTime().toNanos();
            case HEAD -> limits.headerTime().toNanos();
            case BODY -> limits.bodyTime().toNanos() + received * SECOND / limits.bodyRate();
            case BUSY -> Long.MAX_VALUE;
        };
    }

    /** Whether the client has read nothing for too long of what it is sent. */
    boolean isStalled(long now, Channel channel) {
        ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
        long left = out == null ? 0 : out.totalPendingWriteBytes();
        long mark = left == 0 ? 0 : left - out.currentProgress();
        if (mark != outstanding || left == 0) {
            outstanding = mark;
            movedAt = now;
        }
        return now - movedAt > limits.stallTime().toNanos();
    }
}
