package dev.caravan.plan;

import dev.caravan.chat.Cancellation;
import dev.caravan.chat.ChatChunk;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ChatStream;
import dev.caravan.chat.StreamEvent;
import dev.caravan.chat.Usage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A provider's stream, watched: what it cost and how it ended is noted with its call, exactly once. */
public final class StreamedAnswer implements ChatStream {

    private final ChatStream provider;
    private final ProviderCall call;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile @Nullable Usage usage;
    private volatile long characters;
    private volatile Judge judge = Judge.NOBODY;

    /** Is told how a stream goes, and once how it ended. May be called by any thread. */
    public interface Judge {

        /** Whom it does not matter to. */
        Judge NOBODY = new Judge() {
            @Override
            public void goesOn() {}

            @Override
            public void done() {}

            @Override
            public void broken(ChatError error) {}

            @Override
            public void left() {}
        };

        /** Another piece has come. */
        void goesOn();

        /** It has come to its end. */
        void done();

        /** The provider broke it off. */
        void broken(ChatError error);

        /** The broker let go of it before its end, which says nothing about the provider. */
        void left();
    }

    public StreamedAnswer(ChatStream provider, ProviderCall call) {
        this.provider = provider;
        this.call = call;
    }

    /** Names who is told; meant to be called before the stream is read. */
    public void judgedBy(Judge newJudge) {
        judge = newJudge;
    }

    @Override
    public StreamEvent next() {
        var event = provider.next();
        var reason = call.cancellation().reason();
        switch (event) {
            case ChatChunk chunk -> {
                if (chunk.usage() != null) {
                    usage = chunk.usage();
                }
                for (var choice : chunk.choices()) {
                    var content = choice.message().content();
                    characters = characters + (content == null ? 0 : content.length());
                }
                judge.goesOn();
            }
            case StreamEvent.Done _ -> {
                if (end(null)) {
                    judge.done();
                }
            }
            case StreamEvent.Broken(var error) -> {
                if (reason != null) {
                    letGo(reason);
                    return new StreamEvent.Broken(Failures.cancelled(reason));
                }
                if (end(error)) {
                    judge.broken(error);
                }
            }
        }
        return event;
    }

    /** Lets go of the provider; a stream that had not ended is one that its client left. */
    @Override
    public void close() {
        provider.close();
        var reason = call.cancellation().reason();
        letGo(reason == null ? Cancellation.Reason.CLIENT_GONE : reason);
    }

    /** @return false if it had ended before */
    private boolean end(@Nullable ChatError error) {
        if (!ended.compareAndSet(false, true)) {
            return false;
        }
        call.streamed(error, usage, characters);
        return true;
    }

    private void letGo(Cancellation.Reason reason) {
        if (ended.compareAndSet(false, true)) {
            judge.left();
            call.letGo(Failures.cancelled(reason), usage, characters);
        }
    }
}
