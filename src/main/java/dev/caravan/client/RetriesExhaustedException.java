package dev.caravan.client;

import dev.caravan.chat.ChatError;

/** The broker has repeated what was worth repeating, and says that to ask it again is of no use now. */
public final class RetriesExhaustedException extends CaravanException {

    private static final long serialVersionUID = 1;

    RetriesExhaustedException(ChatError error, int status) {
        super(error, status);
    }
}
