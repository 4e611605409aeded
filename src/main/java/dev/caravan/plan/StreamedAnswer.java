package dev.caravan.plan;

import dev.caravan.chat.Cancellation;
import dev.caravan.chat.ChatChunk;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ChatStream;
import dev.caravan.chat.StreamEvent;
import dev.caravan.chat.Usage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A provider's stream, watched: what it cost and how it ended is noted with its call, exactly once. */
public final class StreamedAnswer implements ChatStream {

    private final ChatStream provider;
    private final ProviderCall call;
    private final Consumer<ChatError> onBroken;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile @Nullable Usage usage;
    private volatile long characters;

    /** @param onBroken told when the provider broke the stream off, which is a failure that nobody else sees */
    public StreamedAnswer(ChatStream provider, ProviderCall call, Consumer<ChatError> onBroken) {
        this.provider = provider;
        this.call = call;
        this.onBroken = onBroken;
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
            }
            case StreamEvent.Done _ -> end(null);
            case StreamEvent.Broken(var error) -> {
                if (reason != null) {
                    letGo(reason);
                    return new StreamEvent.Broken(Failures.cancelled(reason));
                }
                if (end(error)) {
                    onBroken.accept(error);
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
            call.letGo(Failures.cancelled(reason), usage, characters);
        }
    }
}
