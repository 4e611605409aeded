package dev.caravan.chat;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Why a request was not answered. A value, so that a fallback can read it and a vote can count it.
 *
 * @param code what kind of failure it is
 * @param status the HTTP status for the caller; differs from the code's own where a provider's status is passed on
 * @param message one sentence for a person: what was wrong, where, and what would be right; never holds a secret
 * @param param the request field that is to blame
 * @param cause a word that tells failures of one code apart, such as {@code cannot_connect} or {@code breaker_open}
 * @param retryAfter how long the caller should wait before it asks again
 */
public record ChatError(
        ErrorCode code,
        int status,
        String message,
        @Nullable String param,
        @Nullable String cause,
        @Nullable Duration retryAfter) {

    public static ChatError of(ErrorCode code, String message) {
        return new ChatError(code, code.status(), message, null, null, null);
    }

    /** Bad input: {@code param} names the field. */
    public static ChatError invalid(@Nullable String param, String message) {
        return new ChatError(ErrorCode.INVALID_REQUEST, ErrorCode.INVALID_REQUEST.status(), message, param, null, null);
    }

    public ChatError withStatus(int newStatus) {
        return new ChatError(code, newStatus, message, param, cause, retryAfter);
    }

    public ChatError withParam(String newParam) {
        return new ChatError(code, status, message, newParam, cause, retryAfter);
    }

    public ChatError withCause(String newCause) {
        return new ChatError(code, status, message, param, newCause, retryAfter);
    }

    public ChatError withRetryAfter(@Nullable Duration newRetryAfter) {
        return new ChatError(code, status, message, param, cause, newRetryAfter);
    }
}
