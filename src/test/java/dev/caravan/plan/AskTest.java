package dev.caravan.plan;

import static dev.caravan.plan.Asks.provider;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.access.Identity;
import dev.caravan.chat.Cancellation.Reason;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ErrorCode;
import dev.caravan.chat.Outcome;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class AskTest {

    @Test
    @DisplayName("B10 When all that were asked failed, the error names each and its failure")
    void allFailed() {
        var ask = Asks.planned("", provider("a"), provider("b"));
        fail(ask, ChatError.of(ErrorCode.INFERENCE_FAILED, "Provider 'a' failed (500): boom."));
        fail(ask, rateLimit(Duration.ofSeconds(9)));

        assertThat(ask.next()).isEmpty();
        assertThat(error(ask))
                .isEqualTo(ChatError.of(
                                ErrorCode.SERVICE_UNAVAILABLE,
                                "All 2 providers failed: a: Provider 'a' failed (500): boom; b: Slow down.")
                        .withCause("all_failed"));
    }

    @Test
    @DisplayName("B10 When all that were asked want a pause, so does the error, until the first of them may be asked")
    void allPause() {
        var ask = Asks.planned("", provider("a"), provider("b"), provider("c"));
        fail(ask, rateLimit(Duration.ofSeconds(9)));
        fail(ask, rateLimit(null));
        fail(ask, rateLimit(Duration.ofSeconds(4)));

        assertThat(error(ask))
                .returns(429, ChatError::status)
                .returns("all_failed", ChatError::cause)
                .returns(Duration.ofSeconds(4), ChatError::retryAfter);
    }

    @Test
    @DisplayName("B10 One failure stands for itself, and so does one that is the caller's own, whoever failed before")
    void ownError() {
        var alone = Asks.planned("", provider("a"));
        fail(alone, rateLimit(Duration.ofSeconds(9)));
        assertThat(error(alone)).isEqualTo(rateLimit(Duration.ofSeconds(9)));

        var second = Asks.planned("", provider("a"), provider("b"), provider("c"));
        fail(second, ChatError.of(ErrorCode.TIMEOUT, "late"));
        fail(second, ChatError.invalid("n", "n is too large"));
        assertThat(second.next()).isEmpty();
        assertThat(error(second)).isEqualTo(ChatError.invalid("n", "n is too large"));
    }

    @Test
    @DisplayName("B8 After an answer nobody else is asked, and what failed before it is forgotten")
    void answered() {
        var ask = Asks.planned("", provider("a"), provider("b"), provider("c"));
        fail(ask, ChatError.of(ErrorCode.INFERENCE_FAILED, "no"));
        assertThat(ask.next()).isPresent();
        ask.settle(new Outcome.Answered(Asks.response("hi", null)));

        assertThat(ask.next()).isEmpty();
        assertThat(ask.outcome()).isInstanceOf(Outcome.Answered.class);
    }

    @Test
    @DisplayName("C2 When the client is gone or the time is up nobody else is asked, and that is the reason told")
    void ended() {
        var gone = Asks.planned("", provider("a"), provider("b"));
        fail(gone, ChatError.of(ErrorCode.INFERENCE_FAILED, "no"));
        gone.cancellation().cancel(Reason.CLIENT_GONE);
        assertThat(gone.next()).isEmpty();
        assertThat(error(gone)).isEqualTo(Failures.cancelled(Reason.CLIENT_GONE));

        var late = new Planner(Asks.coolDowns(), _ -> false)
                .plan(Asks.ask(Asks.catalog(provider("a")), "", Duration.ZERO));
        assertThat(late.next()).isEmpty();
        assertThat(error(late)).isEqualTo(Failures.cancelled(Reason.DEADLINE));
    }

    @Test
    @DisplayName("B10 A refused request is asked of nobody")
    void refused() {
        var ask = Ask.refused(
                Asks.arrival(), Asks.catalog(provider("a")), Identity.ANONYMOUS, ChatError.invalid("n", "no"));

        assertThat(ask.isOpen()).isFalse();
        assertThat(ask.next()).isEmpty();
        assertThat(error(ask)).isEqualTo(ChatError.invalid("n", "no"));
    }

    private static ChatError rateLimit(@Nullable Duration retryAfter) {
        return ChatError.of(ErrorCode.RATE_LIMIT_EXCEEDED, "Slow down.").withRetryAfter(retryAfter);
    }

    private static void fail(Ask ask, ChatError error) {
        assertThat(ask.next()).isPresent();
        ask.fail(error);
    }

    private static ChatError error(Ask ask) {
        return ((Outcome.Failed) ask.outcome()).error();
    }
}
