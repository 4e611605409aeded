package dev.caravan.usage;

import dev.caravan.chat.ChatError;

/** What came of reading something that was written elsewhere. */
public sealed interface Parsed<T> {

    /** It could be read. */
    record Valid<T>(T value) implements Parsed<T> {}

    /** It could not be read; the error says why, for whoever wrote it. */
    record Invalid<T>(ChatError error) implements Parsed<T> {}
}
