package dev.caravan.client;

import dev.caravan.chat.ChatError;
import java.time.Duration;
import java.util.Optional;

/** Too much was asked in too short a time. */
public final class RateLimitException extends CaravanException {

    private static final long serialVersionUID = 1;

    RateLimitException(ChatError error, int status) {
        super(error, status);
    }

    /** How long to wait before asking again, where that was told. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(error().retryAfter());
    }
}
