package dev.caravan.provider;

import dev.caravan.chat.ChatError;
import dev.caravan.chat.ChatRequest;
import dev.caravan.chat.Outcome;
import dev.caravan.chat.StreamEvent;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Translates between what is asked of a model, a chat above all, and one dialect. A codec does no I/O of its own and keeps no state, so that one serves all
 * threads.
 */
public interface ProviderCodec {

    /**
     * The call that puts {@code request} to a model.
     *
     * @param upstreamModel the model's name at the provider
     * @param apiKey the provider's key; null where it asks for none
     */
    EncodedCall encode(ChatRequest request, String upstreamModel, @Nullable String apiKey);

    /** What follows a provider's base url in every call; null where that depends on what is asked. */
    @Nullable
    String fixedPath();

    /** Whether the dialect can ask for several answers with one call ({@code n}), and {@link #encode} does. */
    boolean answersMany();

    /**
     * How many prompts, or texts to embed, one call can hold. A chat is one question.
     *
     * @param upstreamModel the model's name at the provider
     */
    default int questionsAtOnce(String upstreamModel) {
        return 1;
    }

    /**
     * Reads a successful answer that is not a stream: {@code Answered}, or {@code Failed} if it makes no sense. No error
     * shows {@code apiKey}.
     *
     * @param request what was asked
     */
    Outcome decode(ChatRequest request, byte[] body, @Nullable String apiKey);

    /**
     * Reads the events of a successful stream, which the caller closes. No error in it shows {@code apiKey}.
     *
     * @param request what was asked
     */
    EventReader events(ChatRequest request, InputStream body, @Nullable String apiKey);

    /**
     * What a status other than 2xx means for the caller of the broker. The message is the provider's where it may be
     * passed on, without {@code apiKey}.
     *
     * @param provider its name, for the message
     */
    ChatError error(String provider, HttpAnswer answer, @Nullable String apiKey);

    /** Reads one event after the other; waits for each. */
    interface EventReader {

        /**
         * The next event; {@code Done} at the dialect's own end mark, {@code Broken} when the stream ends without it or
         * makes no sense.
         */
        StreamEvent next() throws IOException;
    }
}
