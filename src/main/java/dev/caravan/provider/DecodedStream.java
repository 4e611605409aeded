package dev.caravan.provider;

import dev.caravan.chat.ChatChunk;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ChatStream;
import dev.caravan.chat.ErrorCode;
import dev.caravan.chat.StreamEvent;
import java.io.IOException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A provider's stream, decoded: its first event is read when it is made, so that a failure before it can fall back. */
public final class DecodedStream implements ChatStream {

    private final ProviderCodec.EventReader events;
    private final Runnable release;
    private final Function<IOException, ChatError> meaning;
    private @Nullable StreamEvent ahead;
    private @Nullable StreamEvent last;

    /**
     * @param release lets go of the provider; may be run more than once
     * @param meaning what it means that the stream cannot be read further
     */
    public DecodedStream(ProviderCodec.EventReader events, Runnable release, Function<IOException, ChatError> meaning) {
        this.events = events;
        this.release = release;
        this.meaning = meaning;
        this.ahead = read();
    }

    /** The event that comes next, without taking it. */
    public @Nullable StreamEvent ahead() {
        return ahead;
    }

    @Override
    public StreamEvent next() {
        var event = ahead;
        ahead = null;
        return event == null ? read() : event;
    }

    @Override
    public void close() {
        release.run();
    }

    private StreamEvent read() {
        if (last != null) {
            return last;
        }
        StreamEvent event;
        try {
            event = events.next();
        } catch (IOException e) {
            event = new StreamEvent.Broken(meaning.apply(e));
        }
        if (!(event instanceof ChatChunk)) {
            last = event;
        }
        return event;
    }

    /** The provider's stream stopped before its end mark. */
    public static ChatError endedEarly() {
        return ChatError.of(ErrorCode.INFERENCE_FAILED, "The provider's stream ended before the answer did.")
                .withCause("stream_broken");
    }
}
