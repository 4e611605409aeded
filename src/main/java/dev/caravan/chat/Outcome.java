package dev.caravan.chat;

/** What became of one call to one provider. */
public sealed interface Outcome {

    /** The provider answered. */
    record Answered(ChatResponse response) implements Outcome {}

    /** The provider has begun to answer; its first chunk was read and stands first in the stream again. */
    record Streaming(ChatStream stream) implements Outcome {}

    /** The provider did not answer. */
    record Failed(ChatError error) implements Outcome {}
}
