package dev.caravan.provider.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.io.JsonEOFException;
import dev.caravan.chat.StreamEvent;
import dev.caravan.provider.DecodedStream;
import dev.caravan.provider.ProviderCodec;
import dev.caravan.provider.ProviderErrors;
import dev.caravan.provider.SseReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads the chunks of a streamed completion up to {@code [DONE]}. */
final class OpenAiEvents implements ProviderCodec.EventReader {

    private static final byte[] DONE = "[DONE]".getBytes(UTF_8);

    private final SseReader events;
    private final @Nullable String apiKey;
    private boolean finished;

    OpenAiEvents(InputStream body, @Nullable String apiKey) {
        this.apiKey = apiKey;
        events = new SseReader(body);
    }

    @Override
    public StreamEvent next() throws IOException {
        var data = events.next();
        if (data == null) {
            // some servers leave the end mark out: an answer with a finish reason is whole all the same
            return finished ? new StreamEvent.Done() : new StreamEvent.Broken(DecodedStream.endedEarly());
        }
        if (Arrays.equals(data, DONE)) {
            return new StreamEvent.Done();
        }
        try {
            var chunk = CompletionReader.chunk(data);
            finished |= chunk.choices().stream().anyMatch(choice -> choice.finishReason() != null);
            return chunk;
        } catch (JsonEOFException e) {
            return new StreamEvent.Broken(DecodedStream.endedEarly());
        } catch (IOException e) {
            return new StreamEvent.Broken(ProviderErrors.inStream(data, apiKey)
                    .orElseGet(() ->
                            ProviderErrors.undecodable("The provider sent a chunk that is no chat completion chunk.")));
        }
    }
}
