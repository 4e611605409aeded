package dev.caravan.access;

import dev.caravan.chat.ChatError;

/** Whether a caller may go on. */
public sealed interface Access {

    record Granted(Identity identity) implements Access {}

    record Denied(ChatError error) implements Access {}
}
