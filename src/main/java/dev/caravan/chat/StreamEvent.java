package dev.caravan.chat;

/** What a {@link ChatStream} brings next. */
public sealed interface StreamEvent permits ChatChunk, StreamEvent.Done, StreamEvent.Broken {

    /** The answer is complete. */
    record Done() implements StreamEvent {}

    /** The stream ended before the answer did. */
    record Broken(ChatError error) implements StreamEvent {}
}
