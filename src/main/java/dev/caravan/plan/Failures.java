package dev.caravan.plan;

import dev.caravan.chat.Cancellation;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ErrorCode;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Whose fault a failure is, and what may follow from it. */
public final class Failures {

    /** The cause of a refusal by a candidate that cannot do what is asked. */
    static final String UNSUPPORTED = "unsupported";

    private static final String ALL_FAILED = "all_failed";
    private static final int SHOWN = 160;

    private Failures() {}

    /** Whether the provider is to blame, or cannot do what is asked, so that another may well answer. */
    static boolean isProviders(ChatError error) {
        return switch (error.code()) {
            case RATE_LIMIT_EXCEEDED, INFERENCE_FAILED, SERVICE_UNAVAILABLE, TIMEOUT -> true;
            case MODEL_NOT_FOUND -> true;
            case INVALID_REQUEST -> UNSUPPORTED.equals(error.cause());
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
     * pause it asks for, any other 4xx is the caller's own, and too few connections to it are the broker's.
     */
    public static boolean countsForBreaker(ChatError error) {
        return switch (error.code()) {
            case INFERENCE_FAILED, TIMEOUT -> true;
            case SERVICE_UNAVAILABLE -> !"pool_exhausted".equals(error.cause());
            default -> false;
        };
    }

    /**
     * The error of a request that everybody who was asked has failed. One failure stands for itself. Several are told
     * one after the other; if all of them are pauses that were asked for, so is the whole, and ends with the first. Those
     * who cannot do what is asked are told of only where nobody can: then the first says what it is.
     */
    static ChatError together(List<Ask.Failure> all) {
        var failures = all.stream()
                .filter(failure -> !UNSUPPORTED.equals(failure.error().cause()))
                .toList();
        if (failures.isEmpty()) {
            return all.getFirst().error();
        }
        if (failures.size() == 1) {
            return failures.getFirst().error();
        }
        var message = failures.stream()
                .map(failure ->
                        failure.provider() + ": " + inShort(failure.error().message()))
                .collect(Collectors.joining("; ", "All " + failures.size() + " providers failed: ", "."));
        var errors = failures.stream().map(Ask.Failure::error).toList();
        if (errors.stream().allMatch(error -> error.code() == ErrorCode.RATE_LIMIT_EXCEEDED)) {
            return ChatError.of(ErrorCode.RATE_LIMIT_EXCEEDED, message)
                    .withCause(ALL_FAILED)
                    .withRetryAfter(errors.stream()
                            .map(ChatError::retryAfter)
                            .filter(Objects::nonNull)
                            .min(Comparator.naturalOrder())
                            .orElse(null));
        }
        return ChatError.of(ErrorCode.SERVICE_UNAVAILABLE, message).withCause(ALL_FAILED);
    }

    private static String inShort(String message) {
        var sentence = message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
        return sentence.length() > SHOWN ? sentence.substring(0, SHOWN) + "…" : sentence;
    }

    /** The error of a request that is no longer wanted. */
    public static ChatError cancelled(Cancellation.Reason reason) {
        return switch (reason) {
            case CLIENT_GONE ->
                ChatError.of(ErrorCode.CLIENT_CLOSED, "The client went away before the answer was complete.");
            case DEADLINE ->
                ChatError.of(ErrorCode.TIMEOUT, "The request's time was up before there was an answer.")
                        .withCause("deadline");
            case DRAINING ->
                ChatError.of(ErrorCode.SERVICE_UNAVAILABLE, "The broker is stopping.")
                        .withCause("draining");
            case NOT_NEEDED ->
                ChatError.of(ErrorCode.CLIENT_CLOSED, "The answer was not needed any more.")
                        .withCause("not_needed");
        };
    }
}
