package dev.caravan.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.caravan.chat.ChatChunk;
import dev.caravan.chat.ChatRequest;
import dev.caravan.chat.ChatStream;
import dev.caravan.chat.StreamEvent;
import dev.caravan.plan.Ask;
import dev.caravan.provider.openai.CompletionWriter;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * A streamed answer as OpenAI's server-sent events. Pulled by whoever writes to the client: each read brings one event
 * as soon as the provider has sent it, so a slow client slows its provider and no one else. An answer that breaks ends
 * with an error event, which makes every SDK raise: after the status was sent there is no other honest way to fail.
 */
final class EventStream extends InputStream {

    private static final byte[] DONE = "data: [DONE]\n\n".getBytes(UTF_8);

    private final Ask ask;
    private final ChatRequest request;
    private final ChatStream stream;
    private final String provider;
    private final String model;
    private @Nullable String id;
    private byte[] event = {};
    private int position;
    private boolean ended;

    EventStream(Ask ask, ChatRequest request, ChatStream stream) {
        this.ask = ask;
        this.request = request;
        this.stream = stream;
        this.provider = ask.current().provider().name();
        this.model = ask.model();
    }

    @Override
    public int read() {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        while (position == event.length) {
            if (ended) {
                return -1;
            }
            position = 0;
            event = next();
        }
        var count = Math.min(length, event.length - position);
        System.arraycopy(event, position, target, offset, count);
        position += count;
        return count;
    }

    @Override
    public void close() {
        ended = true;
        stream.close();
    }

    /** The next event as bytes; none for what the caller did not ask to see. */
    private byte[] next() {
        return switch (stream.next()) {
            case ChatChunk chunk -> {
                var onlyUsage = chunk.choices().isEmpty() && chunk.usage() != null;
                yield onlyUsage && !request.includeUsage() ? new byte[0] : event(chunk);
            }
            case StreamEvent.Done _ -> {
                ended = true;
                yield DONE;
            }
            case StreamEvent.Broken(var error) -> {
                ended = true;
                yield CompletionWriter.event(ErrorBody.of(error, ask.arrival().requestId()));
            }
        };
    }

    private byte[] event(ChatChunk chunk) {
        if (id == null) {
            id = chunk.id().isEmpty() ? CompletionWriter.freshId(request.operation()) : chunk.id();
            ask.answeredBy(id);
        }
        return CompletionWriter.event(request.operation(), chunk, id, model, provider, request.includeUsage());
    }
}
