package dev.caravan.client;

import dev.caravan.chat.ChatError;

/** Why a request was not answered; the parent of all that this client throws. */
public class CaravanException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient ChatError error;
    private final int status;

    CaravanException(ChatError error, int status) {
        super(error.message());
        this.error = error;
        this.status = status;
    }

    /** What went wrong; {@code code} tells the kinds apart. */
    public ChatError error() {
        return error;
    }

    /** The HTTP status that was answered, or the one that goes with the failure where nothing was. */
    public int status() {
        return status;
    }

    /** The exception for an answer that is an error. */
    static CaravanException of(ChatError error, int status, boolean repeatsAreOver) {
        return switch (error.code()) {
            case UNAUTHORIZED, FORBIDDEN -> new AuthenticationException(error, status);
            case RATE_LIMIT_EXCEEDED -> new RateLimitException(error, status);
            default ->
                repeatsAreOver ? new RetriesExhaustedException(error, status) : new CaravanException(error, status);
        };
    }
}
