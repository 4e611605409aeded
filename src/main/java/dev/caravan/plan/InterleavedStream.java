package dev.caravan.plan;

import dev.caravan.chat.Cancellation;
import dev.caravan.chat.ChatChunk;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ChatStream;
import dev.caravan.chat.ErrorCode;
import dev.caravan.chat.StreamEvent;
import dev.caravan.chat.Usage;
import dev.caravan.provider.openai.SeveralAnswers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Several streams as the one stream of an answer with several choices: each piece comes when its provider has sent it. A
 * virtual thread reads each of them, at most one piece ahead of its reader. One that breaks ends them all.
 */
final class InterleavedStream implements ChatStream {

    private static final Logger LOG = LoggerFactory.getLogger(InterleavedStream.class);

    private record Piece(int index, StreamEvent event) {}

    private final List<ChatStream> streams;
    private final int choicesEach;
    private final Cancellation cancellation;
    private final Consumer<ChatError> onBroken;
    private final BlockingQueue<Piece> pieces;
    private final @Nullable Usage[] usages;
    private int left;
    private boolean begun;
    private volatile boolean closed;
    private @Nullable ChatChunk lastChunk;
    private @Nullable StreamEvent last;

    /** Of streams that have one choice each. */
    InterleavedStream(List<ChatStream> streams, Cancellation cancellation, Consumer<ChatError> onBroken) {
        this(streams, 1, cancellation, onBroken);
    }

    /**
     * @param choicesEach how many choices each of the streams has
     * @param cancellation of the request: why its reader may leave
     * @param onBroken told why all of it failed, when one of the streams broke or the reader left before the end
     */
    InterleavedStream(
            List<ChatStream> streams, int choicesEach, Cancellation cancellation, Consumer<ChatError> onBroken) {
        this.streams = List.copyOf(streams);
        this.choicesEach = choicesEach;
        this.cancellation = cancellation;
        this.onBroken = onBroken;
        // room for one of each, so that whoever still has a piece when nobody reads any more is not kept
        this.pieces = new ArrayBlockingQueue<>(streams.size());
        this.usages = new Usage[streams.size()];
        this.left = streams.size();
    }

    @Override
    public StreamEvent next() {
        if (!begun) {
            begun = true;
            for (var i = 0; i < streams.size(); i++) {
                var index = i;
                Thread.ofVirtual().name("answer-" + index).start(() -> read(index));
            }
        }
        while (last == null) {
            var event = taken();
            if (event != null) {
                return event;
            }
        }
        return last;
    }

    @Override
    public void close() {
        letGo();
        if (last == null) {
            var reason = cancellation.reason();
            onBroken.accept(Failures.cancelled(reason == null ? Cancellation.Reason.CLIENT_GONE : reason));
        }
    }

    private void letGo() {
        closed = true;
        streams.forEach(ChatStream::close);
        pieces.clear();
    }

    /** The next event for the reader; null for what is kept to the end. */
    private @Nullable StreamEvent taken() {
        var piece = take();
        return switch (piece.event()) {
            case ChatChunk chunk -> {
                if (chunk.usage() != null) {
                    usages[piece.index()] = chunk.usage();
                }
                lastChunk = chunk;
                yield chunk.choices().isEmpty() ? null : SeveralAnswers.piece(chunk, piece.index(), choicesEach);
            }
            case StreamEvent.Done done -> {
                left--;
                last = left == 0 ? done : null;
                yield left == 0 ? usageOfAll() : null;
            }
            case StreamEvent.Broken broken -> {
                letGo();
                onBroken.accept(broken.error());
                last = broken;
                yield broken;
            }
        };
    }

    private @Nullable ChatChunk usageOfAll() {
        var like = lastChunk;
        return like == null
                ? null
                : SeveralAnswers.sum(new ArrayList<>(Arrays.asList(usages)))
                        .map(usage -> SeveralAnswers.usage(like, usage))
                        .orElse(null);
    }

    private void read(int index) {
        StreamEvent event;
        do {
            event = event(streams.get(index));
            put(new Piece(index, event));
        } while (event instanceof ChatChunk && !closed);
    }

    /** Whoever reads the pieces waits for one of each stream: a bug in one must not leave it waiting. */
    private static StreamEvent event(ChatStream stream) {
        try {
            return stream.next();
        } catch (RuntimeException e) {
            LOG.error("One of several streamed answers could not be read; this is a bug", e);
            return new StreamEvent.Broken(
                    ChatError.of(ErrorCode.INTERNAL_ERROR, "The broker failed to read a provider's answer."));
        }
    }

    private void put(Piece piece) {
        try {
            pieces.put(piece);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts threads here", e);
        }
    }

    private Piece take() {
        try {
            return pieces.take();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts threads here", e);
        }
    }
}
