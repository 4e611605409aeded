package dev.caravan.client;

import dev.caravan.chat.ChatError;

/** The key is missing or wrong, or may not do this. */
public final class AuthenticationException extends CaravanException {

    private static final long serialVersionUID = 1;

    AuthenticationException(ChatError error, int status) {
        super(error, status);
    }
}
