package dev.caravan.plan;

import static dev.caravan.plan.Asks.provider;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.catalog.Retry;
import dev.caravan.chat.Cancellation.Reason;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ErrorCode;
import dev.caravan.chat.Outcome;
import dev.caravan.chat.Usage;
import dev.caravan.provider.openai.OpenAiCodec;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProviderCallTest {

    private static final ChatError BROKEN = ChatError.of(ErrorCode.INFERENCE_FAILED, "broken");
    private static final Retry LAZY = new Retry(3, Duration.ofHours(1), Duration.ofHours(2), 2);

    @Test
    @DisplayName("D6 The last provider is asked as often as its retries say, or as the request says")
    void counts() {
        assertThat(attempts(Asks.planned("", provider("a")), BROKEN)).isEqualTo(4);
        assertThat(attempts(Asks.planned(",\"retry_count\":1", provider("a")), BROKEN))
                .isEqualTo(2);
        assertThat(attempts(Asks.planned(",\"retry_count\":0", provider("a")), BROKEN))
                .isEqualTo(1);
    }

    @Test
    @DisplayName("D6 While another is left to ask there is one repeat at most, and none of what asks for a pause")
    void oneShortRepeat() {
        assertThat(attempts(Asks.planned("", provider("a"), provider("b")), BROKEN))
                .isEqualTo(2);
        assertThat(attempts(Asks.planned("", provider("a"), provider("b")), rateLimit(null)))
                .isEqualTo(1);
        assertThat(attempts(
                        Asks.planned("", provider("a"), provider("b")), BROKEN.withRetryAfter(Duration.ofSeconds(30))))
                .isEqualTo(1);

        var patient = Asks.planned("", provider("a", LAZY, true), provider("b"));
        var started = System.nanoTime();
        assertThat(attempts(patient, BROKEN)).isEqualTo(2);
        assertThat(Duration.ofNanos(System.nanoTime() - started))
                .isBetween(Duration.ofMillis(250), Duration.ofSeconds(20));
    }

    @Test
    @DisplayName("D6 What will not pass is not repeated")
    void notRepeated() {
        for (var error : new ChatError[] {
            ChatError.invalid("n", "no"),
            ChatError.of(ErrorCode.MODEL_NOT_FOUND, "no"),
            ChatError.of(ErrorCode.TOO_LARGE, "no"),
            ChatError.of(ErrorCode.INTERNAL_ERROR, "no"),
            BROKEN.withCause("provider_unauthorized"),
            ChatError.of(ErrorCode.SERVICE_UNAVAILABLE, "no").withCause("breaker_open")
        }) {
            assertThat(attempts(Asks.planned("", provider("a")), error))
                    .as("%s", error)
                    .isEqualTo(1);
        }
    }

    @Test
    @DisplayName("D6 Pauses grow, stay under their bound, and are not the same for all")
    void backoff() {
        var lengths = new HashSet<Long>();
        for (var round = 0; round < 5; round++) {
            var call = Asks.call(Asks.planned(
                    "", provider("a", new Retry(3, Duration.ofMillis(20), Duration.ofMillis(40), 2), true)));
            for (var least : new int[] {0, 10, 20, 20}) {
                var started = System.nanoTime();
                call.begin();
                var waited = Duration.ofNanos(System.nanoTime() - started);
                assertThat(waited).isGreaterThanOrEqualTo(Duration.ofMillis(least));
                lengths.add(waited.toNanos());
                call.settle(new Outcome.Failed(BROKEN));
            }
            assertThat(call.isPending()).isFalse();
        }
        assertThat(lengths).hasSizeGreaterThan(10);
    }

    @Test
    @DisplayName(
            "D6 Retry-After is obeyed where it is longer than the pause, and ends the attempts where it is too long")
    void retryAfter() {
        var call = Asks.call(Asks.planned("", provider("a")));
        call.begin();
        call.settle(new Outcome.Failed(rateLimit(Duration.ofMillis(60))));
        var started = System.nanoTime();
        assertThat(call.isPending()).isTrue();
        call.begin();
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isGreaterThanOrEqualTo(Duration.ofMillis(60));

        call.settle(new Outcome.Failed(rateLimit(Duration.ofMillis(65))));
        assertThat(call.isPending()).isFalse();
    }

    @Test
    @DisplayName("D6 No repeat begins that the request's time does not allow")
    void deadline() {
        var ask = new Planner(Asks.coolDowns(), _ -> false)
                .plan(Asks.ask(Asks.catalog(provider("a", LAZY, true)), "", Duration.ofSeconds(5)));

        assertThat(attempts(ask, BROKEN)).isEqualTo(1);
        assertThat(error(ask)).isEqualTo(BROKEN);
    }

    @Test
    @DisplayName(
            "F1 A pause ends when the request is no longer wanted; nothing is sent or recorded after it, and that is the reason told")
    void cancelledPause() throws InterruptedException {
        var ask = new Planner(Asks.coolDowns(), _ -> false)
                .plan(Asks.ask(Asks.catalog(provider("a", LAZY, true)), "", Duration.ofDays(1)));
        var call = Asks.call(ask);
        call.begin();
        call.settle(new Outcome.Failed(BROKEN));
        assertThat(call.isPending()).isTrue();

        var pausing = Thread.ofPlatform().start(call::begin);
        ask.cancellation().cancel(Reason.DEADLINE);
        pausing.join();

        assertThat(call.isPending()).isFalse();
        assertThat(error(call.finish())).isEqualTo(Failures.cancelled(Reason.DEADLINE));
        assertThat(ask.calls()).extracting(CallRecord::error).containsExactly(ErrorCode.INFERENCE_FAILED);
    }

    @Test
    @DisplayName("C8 An attempt that is let go is recorded once, as cancelled, with an estimate of its prompt")
    void cancelledAttempt() {
        var ask = Asks.planned("", provider("a"));
        var call = Asks.call(ask);
        call.begin();
        ask.cancellation().cancel(Reason.CLIENT_GONE);
        call.finish();

        assertThat(ask.calls()).singleElement().satisfies(record -> {
            assertThat(record.cancelled()).isTrue();
            assertThat(record.estimated()).isTrue();
            assertThat(record.status()).isEqualTo(499);
            assertThat(record.usage().promptTokens()).isEqualTo(10);
        });
        assertThat(error(ask)).isEqualTo(Failures.cancelled(Reason.CLIENT_GONE));
    }

    @Test
    @DisplayName(
            "C8 Every attempt is recorded, with the tokens that were told or an estimate; a breaker that refuses is no call")
    void records() {
        var ask = Asks.planned("", provider("a"));
        var call = Asks.call(ask);
        call.begin();
        call.settle(new Outcome.Failed(BROKEN));
        call.begin();
        call.settle(new Outcome.Answered(Asks.response("12345", new Usage(7, 3))));
        call.finish();
        assertThat(ask.calls()).extracting(CallRecord::status).containsExactly(502, 200);
        assertThat(ask.calls().getLast().usage()).isEqualTo(new Usage(7, 3));

        var uncounted = Asks.planned("", provider("a"));
        var second = Asks.call(uncounted);
        second.begin();
        second.settle(new Outcome.Answered(Asks.response("12345", null)));
        assertThat(uncounted.calls()).singleElement().returns(new Usage(10, 2), CallRecord::usage);

        var refused = Asks.planned("", provider("a"));
        var third = Asks.call(refused);
        third.begin();
        third.refuse(ChatError.of(ErrorCode.SERVICE_UNAVAILABLE, "open").withCause("breaker_open"));
        third.finish();
        assertThat(refused.calls()).isEmpty();
        assertThat(error(refused)).returns("breaker_open", ChatError::cause);
    }

    @Test
    @DisplayName("B8 A 429 begins a pause of that provider and model")
    void coolDown() {
        var coolDowns = new CoolDowns(Clock.systemUTC());
        var ask = Asks.planned("", provider("a"));
        var deployment = ask.next().orElseThrow();
        var call = new ProviderCall(ask, coolDowns, new OpenAiCodec());
        call.begin();
        call.settle(new Outcome.Failed(rateLimit(Duration.ofHours(1))));

        assertThat(coolDowns.left(deployment)).isPositive();
    }

    /** How often a provider is asked that always fails in this way. */
    private static int attempts(Ask ask, ChatError error) {
        var call = Asks.call(ask);
        var attempts = 0;
        while (call.isPending()) {
            call.begin();
            attempts++;
            call.settle(new Outcome.Failed(error));
        }
        call.finish();
        assertThat(ask.calls()).hasSize(attempts);
        return attempts;
    }

    private static ChatError rateLimit(@Nullable Duration retryAfter) {
        return ChatError.of(ErrorCode.RATE_LIMIT_EXCEEDED, "slow down").withRetryAfter(retryAfter);
    }

    private static ChatError error(Ask ask) {
        return ((Outcome.Failed) ask.outcome()).error();
    }
}
