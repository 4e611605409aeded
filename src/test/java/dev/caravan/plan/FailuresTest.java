package dev.caravan.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.chat.Cancellation.Reason;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FailuresTest {

    private static final ChatError CANNOT =
            ChatError.invalid("seed", "has no seed").withCause(Failures.UNSUPPORTED);
    private static final ChatError BROKEN = ChatError.of(ErrorCode.INFERENCE_FAILED, "broken.");

    @ParameterizedTest
    @DisplayName("D6 Whose fault it is, whether it passes, and whether it speaks against the provider's health")
    @CsvSource(
            nullValues = "-",
            value = {
                // code, cause, another may do better, the same may, breaker
                "INFERENCE_FAILED, provider_error, true, true, true",
                "INFERENCE_FAILED, undecodable, true, true, true",
                "INFERENCE_FAILED, stream_broken, true, true, true",
                "INFERENCE_FAILED, connection_broken, true, true, true",
                "INFERENCE_FAILED, provider_unauthorized, true, false, true",
                "SERVICE_UNAVAILABLE, cannot_connect, true, true, true",
                "SERVICE_UNAVAILABLE, pool_exhausted, true, true, false",
                "SERVICE_UNAVAILABLE, breaker_open, true, false, true",
                "TIMEOUT, provider_timeout, true, true, true",
                "RATE_LIMIT_EXCEEDED, -, true, true, false",
                "MODEL_NOT_FOUND, -, true, false, false",
                "INVALID_REQUEST, -, false, false, false",
                "INVALID_REQUEST, unsupported, true, false, false",
                "INVALID_REQUEST, content_filter, false, false, false",
                "TOO_LARGE, -, false, false, false",
                "INTERNAL_ERROR, -, false, false, false"
            })
    void judged(ErrorCode code, @Nullable String cause, boolean another, boolean again, boolean breaker) {
        var plain = ChatError.of(code, "x");
        var error = cause == null ? plain : plain.withCause(cause);

        assertThat(Failures.isProviders(error)).isEqualTo(another);
        assertThat(Failures.isPassing(error)).isEqualTo(again);
        assertThat(Failures.countsForBreaker(error)).isEqualTo(breaker);
    }

    @Test
    @DisplayName("B10 One failure stands for itself, several are told together")
    void together() {
        assertThat(together(BROKEN)).isEqualTo(BROKEN);
        assertThat(together(BROKEN, ChatError.of(ErrorCode.TIMEOUT, "late")))
                .returns(503, ChatError::status)
                .returns("all_failed", ChatError::cause)
                .returns("All 2 providers failed: p0: broken; p1: late.", ChatError::message);
    }

    @Test
    @DisplayName("D6 If all asked for a pause, so does the whole, until the first of them ends")
    void pauses() {
        var slow = ChatError.of(ErrorCode.RATE_LIMIT_EXCEEDED, "slow");
        assertThat(together(
                        slow.withRetryAfter(Duration.ofSeconds(9)), slow, slow.withRetryAfter(Duration.ofSeconds(3))))
                .returns(429, ChatError::status)
                .returns(Duration.ofSeconds(3), ChatError::retryAfter);
        assertThat(together(slow, BROKEN)).returns(503, ChatError::status);
    }

    @Test
    @DisplayName("B10 Who cannot do what is asked is told of only where nobody can")
    void unsupported() {
        assertThat(together(CANNOT, CANNOT.withParam("other"))).isEqualTo(CANNOT);
        assertThat(together(CANNOT, BROKEN)).isEqualTo(BROKEN);
        assertThat(together(CANNOT, BROKEN, BROKEN)).returns("all_failed", ChatError::cause);
    }

    @ParameterizedTest
    @DisplayName("C2 Every reason to let go is an error of its own")
    @EnumSource(Reason.class)
    void cancelled(Reason reason) {
        assertThat(Failures.cancelled(reason).code())
                .isEqualTo(
                        switch (reason) {
                            case CLIENT_GONE, NOT_NEEDED -> ErrorCode.CLIENT_CLOSED;
                            case DEADLINE -> ErrorCode.TIMEOUT;
                            case DRAINING -> ErrorCode.SERVICE_UNAVAILABLE;
                        });
    }

    private static ChatError together(ChatError... errors) {
        var failures = new ArrayList<Ask.Failure>();
        for (var error : List.of(errors)) {
            failures.add(new Ask.Failure("p" + failures.size(), error));
        }
        return Failures.together(failures);
    }
}
