package dev.caravan.plan;

import dev.caravan.chat.Cancellation;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ErrorCode;

/** Whose fault a failure is, and what may follow from it. */
public final class Failures {

    private Failures() {}

    /** Whether the provider is to blame, so that another may well answer. */
    static boolean isProviders(ChatError error) {
        return switch (error.code()) {
            case RATE_LIMIT_EXCEEDED, INFERENCE_FAILED, SERVICE_UNAVAILABLE, TIMEOUT -> true;
            case MODEL_NOT_FOUND -> true;
            default -> false;
        };
    }

    /** Whether the same provider may do better if it is asked again. */
    static boolean isPassing(ChatError error) {
        return switch (error.code()) {
            case RATE_LIMIT_EXCEEDED, TIMEOUT -> true;
            case INFERENCE_FAILED -> !"provider_unauthorized".equals(error.cause());
            case SERVICE_UNAVAILABLE -> !"breaker_open".equals(error.cause());
            default -> false;
        };
    }

    /**
     * Whether it speaks against the provider's health: failed connections, timeouts, 5xx and nonsense do; a 429 is a
     * pause it asks for, and any other 4xx is the caller's own.
     */
    public static boolean countsForBreaker(ChatError error) {
        return switch (error.code()) {
            case INFERENCE_FAILED, SERVICE_UNAVAILABLE, TIMEOUT -> true;
            default -> false;
        };
    }

    /** The error of a request that is no longer wanted. */
    public static ChatError cancelled(Cancellation.Reason reason) {
        return switch (reason) {
            case CLIENT_GONE ->
                ChatError.of(ErrorCode.CLIENT_CLOSED, "The client went away before the answer was complete.");
            case DEADLINE ->
                ChatError.of(ErrorCode.TIMEOUT, "The request's time was up before there was an answer.")
                        .withCause("deadline");
            case NOT_NEEDED -> ChatError.of(ErrorCode.CLIENT_CLOSED, "The answer was no longer needed.");
            case DRAINING ->
                ChatError.of(ErrorCode.SERVICE_UNAVAILABLE, "The broker is stopping.")
                        .withCause("draining");
        };
    }
}
