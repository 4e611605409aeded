package dev.caravan.client;

import dev.caravan.chat.ChatRequest;
import dev.caravan.chat.ChatResponse;
import dev.caravan.chat.Outcome;
import dev.caravan.provider.HttpCall;
import dev.caravan.provider.openai.ChatRequestReader;
import java.util.concurrent.CompletableFuture;

/** Asks for the next turn of a conversation: {@code POST /chat/completions}. Thread-safe. */
public final class ChatCompletions {

    private final Transport transport;

    ChatCompletions(Transport transport) {
        this.transport = transport;
    }

    /**
     * Waits for the whole answer.
     *
     * @throws CaravanException if there is none
     */
    public ChatResponse create(ChatCompletionParams params) {
        return Transport.await(createAsync(params));
    }

    /** The same without waiting: fails with a {@link CaravanException}, and lets go of the request when it is cancelled. */
    public CompletableFuture<ChatResponse> createAsync(ChatCompletionParams params) {
        ChatRequest request;
        try {
            request = request(params, false);
        } catch (CaravanException e) {
            return CompletableFuture.failedFuture(e);
        }
        return transport.send(transport.post(call(request)), body -> response(request, body));
    }

    /**
     * Waits until the answer begins; its pieces come as they arrive.
     *
     * @return to be closed, which lets go of the rest of the answer
     * @throws CaravanException if there is none
     */
    public ChunkStream createStreaming(ChatCompletionParams params) {
        var request = request(params, true);
        return transport.open(request, transport.post(call(request)));
    }

    private HttpCall call(ChatRequest request) {
        return transport
                .codec()
                .encode(request, request.model(), transport.apiKey())
                .call();
    }

    private static ChatRequest request(ChatCompletionParams params, boolean stream) {
        return switch (ChatRequestReader.read(params.json(stream))) {
            case ChatRequestReader.Valid(var request) -> request;
            case ChatRequestReader.Invalid(var error) -> throw new CaravanException(error, error.status());
        };
    }

    private ChatResponse response(ChatRequest request, byte[] body) {
        return switch (transport.codec().decode(request, body, transport.apiKey())) {
            case Outcome.Answered(var response) -> response;
            case Outcome.Failed(var error) -> throw new CaravanException(error, error.status());
            case Outcome.Streaming _ -> throw new IllegalStateException("a body is no stream");
        };
    }
}
