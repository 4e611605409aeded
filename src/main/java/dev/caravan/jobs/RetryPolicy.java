package dev.caravan.jobs;

import dev.caravan.chat.ChatError;
import dev.caravan.chat.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What follows from the failure of a job.
 *
 * @param maxAttempts how often a job is tried
 * @param firstDelay how long it waits after the first failed attempt, and four times as long after each further one
 * @param longestDelay how long at most
 * @param patience how long it may be put off by providers that ask for a pause, which counts as no attempt
 */
public record RetryPolicy(int maxAttempts, Duration firstDelay, Duration longestDelay, Duration patience) {

    private static final int FACTOR = 4;

    /** What a 429 without a time, or an open breaker, asks for. */
    private static final Duration UNSAID = Duration.ofSeconds(1);

    /** What to do. */
    public sealed interface Next {

        /** The provider wants a pause: it is left alone for so long, and then asked again. Counts as no attempt. */
        record Pause(Duration pause) implements Next {}

        /** The job is put off until then. Counts as an attempt. */
        record Later(Instant notBefore) implements Next {}

        /**
         * The caller gets the error.
         *
         * @param reason as in {@link JobAnswer.Death}
         */
        record GiveUp(String reason) implements Next {}
    }

    /**
     * Decides.
     *
     * @param attempts how often it was tried, this time included
     * @param since when it first came
     * @param deadline until when an answer is wanted; null: for ever
     */
    public Next after(ChatError error, int attempts, Instant since, @Nullable Instant deadline, Instant now) {
        if (isPause(error)) {
            var pause = Objects.requireNonNullElse(error.retryAfter(), UNSAID);
            var tooLate = now.plus(pause).isAfter(since.plus(patience)) || isPast(deadline, now.plus(pause));
            return tooLate ? new Next.GiveUp("exhausted") : new Next.Pause(pause);
        }
        if (!isPassing(error)) {
            return new Next.GiveUp("invalid");
        }
        var notBefore = now.plus(delay(attempts));
        return attempts >= maxAttempts || isPast(deadline, notBefore)
                ? new Next.GiveUp("exhausted")
                : new Next.Later(notBefore);
    }

    private Duration delay(int attempts) {
        var delay = firstDelay;
        for (var i = 1; i < attempts && delay.compareTo(longestDelay) < 0; i++) {
            delay = delay.multipliedBy(FACTOR);
        }
        return delay.compareTo(longestDelay) < 0 ? delay : longestDelay;
    }

    private static boolean isPast(@Nullable Instant deadline, Instant time) {
        return deadline != null && time.isAfter(deadline);
    }

    /** Nobody was asked, or who was asked wants to be left alone. */
    private static boolean isPause(ChatError error) {
        return error.code() == ErrorCode.RATE_LIMIT_EXCEEDED || "breaker_open".equals(error.cause());
    }

    /** Whether it may be otherwise a while later. The request's own time limit is no such thing. */
    private static boolean isPassing(ChatError error) {
        return switch (error.code()) {
            case INFERENCE_FAILED, SERVICE_UNAVAILABLE -> true;
            case TIMEOUT -> !"deadline".equals(error.cause());
            default -> false;
        };
    }
}
