package dev.caravan.camel;

import dev.caravan.chat.ChatError;

/**
 * Tells the breaker that the provider failed; it lives from the last step inside the breaker to its fallback, where it
 * is a value again.
 */
public final class ProviderFault extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient ChatError error;

    ProviderFault(ChatError error) {
        super(error.message(), null, false, false);
        this.error = error;
    }

    ChatError error() {
        return error;
    }
}
