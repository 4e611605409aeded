package dev.caravan.client;

import dev.caravan.chat.ChatChunk;
import dev.caravan.chat.ChatStream;
import dev.caravan.chat.StreamEvent;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * An answer in pieces, each to be had once, as soon as it is here. Read by one thread; {@link #close} may come from any
 * and ends the answer where it stands. An answer that breaks off ends with a {@link CaravanException}.
 */
public final class ChunkStream implements Iterable<ChatChunk>, AutoCloseable {

    private final ChatStream events;

    ChunkStream(ChatStream events) {
        this.events = events;
    }

    /** The pieces that are still to come. */
    @Override
    public Iterator<ChatChunk> iterator() {
        return new Chunks();
    }

    /** The same as a stream, which closes this one when it is closed. */
    public Stream<ChatChunk> stream() {
        return StreamSupport.stream(spliterator(), false).onClose(this::close);
    }

    @Override
    public void close() {
        events.close();
    }

    private final class Chunks implements Iterator<ChatChunk> {

        private @Nullable ChatChunk ahead;

        @Override
        public boolean hasNext() {
            if (ahead == null) {
                ahead = switch (events.next()) {
                    case ChatChunk chunk -> chunk;
                    case StreamEvent.Done _ -> null;
                    case StreamEvent.Broken(var error) -> throw new CaravanException(error, error.status());
                };
            }
            return ahead != null;
        }

        @Override
        public ChatChunk next() {
            if (!hasNext() || ahead == null) {
                throw new NoSuchElementException();
            }
            var chunk = ahead;
            ahead = null;
            return chunk;
        }
    }
}
