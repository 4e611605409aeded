package dev.caravan.chat;

/**
 * What a client asks of a model, be it a chat or another {@link Operation}: the fields that the broker acts on, and the whole of it as it was written. Valid by
 * construction: {@code dev.caravan.provider.openai.ChatRequestReader} makes one or says what is wrong.
 *
 * @param operation which kind of request it is
 * @param model the model's public name
 * @param stream whether the answer is wanted as chunks
 * @param includeUsage whether a stream shall end with a chunk that holds the usage ({@code stream_options})
 * @param extensions what is said to the broker, not to a provider
 * @param source every field as it came
 */
public record ChatRequest(
        Operation operation,
        String model,
        boolean stream,
        boolean includeUsage,
        Extensions extensions,
        RawObject source) {}
