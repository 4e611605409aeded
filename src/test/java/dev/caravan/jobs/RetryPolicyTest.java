package dev.caravan.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.chat.ChatError;
import dev.caravan.chat.ErrorCode;
import dev.caravan.jobs.RetryPolicy.Next;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryPolicyTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final RetryPolicy POLICY =
            new RetryPolicy(4, Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofHours(24));

    @ParameterizedTest
    @DisplayName("F4 what may pass is tried again, after longer and longer, and given up in the end")
    @CsvSource({"1, 5", "2, 20", "3, 60", "4,"})
    void retries(int attempts, Long seconds) {
        var next = POLICY.after(error(ErrorCode.INFERENCE_FAILED), attempts, NOW, null, NOW);
        assertThat(next)
                .isEqualTo(seconds == null ? new Next.GiveUp("exhausted") : new Next.Later(NOW.plusSeconds(seconds)));
    }

    @ParameterizedTest
    @DisplayName("F4 what will be wrong again is given up at once")
    @CsvSource({"INVALID_REQUEST", "MODEL_NOT_FOUND", "NOT_FOUND", "TOO_LARGE", "INTERNAL_ERROR", "ID_CONFLICT"})
    void givesUp(ErrorCode code) {
        assertThat(POLICY.after(error(code), 1, NOW, null, NOW)).isEqualTo(new Next.GiveUp("invalid"));
    }

    @Test
    @DisplayName("F4 the request's own time limit is no reason to try again, a provider's is")
    void timeouts() {
        var timeout = error(ErrorCode.TIMEOUT);
        assertThat(POLICY.after(timeout, 1, NOW, null, NOW)).isInstanceOf(Next.Later.class);
        assertThat(POLICY.after(timeout.withCause("deadline"), 1, NOW, null, NOW))
                .isInstanceOf(Next.GiveUp.class);
    }

    @Test
    @DisplayName("F4 a 429 and an open breaker are pauses, as often as it takes, within a day")
    void pauses() {
        var limited = error(ErrorCode.RATE_LIMIT_EXCEEDED);
        var since = NOW.minus(Duration.ofHours(23));
        assertThat(POLICY.after(limited, 99, since, null, NOW)).isEqualTo(new Next.Pause(Duration.ofSeconds(1)));
        assertThat(POLICY.after(limited.withRetryAfter(Duration.ofMinutes(2)), 1, since, null, NOW))
                .isEqualTo(new Next.Pause(Duration.ofMinutes(2)));
        assertThat(POLICY.after(error(ErrorCode.SERVICE_UNAVAILABLE).withCause("breaker_open"), 9, since, null, NOW))
                .isInstanceOf(Next.Pause.class);
        assertThat(POLICY.after(limited, 1, NOW.minus(Duration.ofHours(25)), null, NOW))
                .isEqualTo(new Next.GiveUp("exhausted"));
    }

    @Test
    @DisplayName("F4 nothing is put off past the deadline")
    void deadline() {
        var deadline = NOW.plusSeconds(4);
        assertThat(POLICY.after(error(ErrorCode.INFERENCE_FAILED), 1, NOW, deadline, NOW))
                .isInstanceOf(Next.GiveUp.class);
        assertThat(POLICY.after(
                        error(ErrorCode.RATE_LIMIT_EXCEEDED).withRetryAfter(Duration.ofSeconds(3)),
                        1,
                        NOW,
                        deadline,
                        NOW))
                .isInstanceOf(Next.Pause.class);
    }

    private static ChatError error(ErrorCode code) {
        return ChatError.of(code, "no");
    }
}
