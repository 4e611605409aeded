package dev.caravan.plan;

import static dev.caravan.plan.Asks.provider;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.catalog.ProviderSpec;
import dev.caravan.catalog.Retry;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ErrorCode;
import dev.caravan.chat.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PlannerTest {

    private final Set<String> resting = new HashSet<>();
    private Instant now = Instant.EPOCH;
    private final CoolDowns coolDowns = new CoolDowns(new Clock() {
        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    });

    @Test
    @DisplayName(
            "C2 The provider that is named is asked first, then its fallbacks, each once; without one, all that serve the model")
    void order() {
        assertThat(asked(plan("", provider("a"), provider("b")))).containsExactly("a", "b");
        assertThat(asked(plan(",\"provider\":\"b\"", provider("a"), provider("b"))))
                .containsExactly("b");
        assertThat(asked(plan(
                        ",\"provider\":\"c\",\"fallback_providers\":[\"b\",\"c\",\"a\"]",
                        provider("a"),
                        provider("b"),
                        provider("c"))))
                .containsExactly("c", "b", "a");
        assertThat(asked(plan(",\"fallback_providers\":[\"b\"]", provider("a"), provider("b"))))
                .containsExactly("a", "b");
    }

    @Test
    @DisplayName("B10 A model that nobody knows is 404, a provider that nobody knows 400, one that is switched off 503")
    void refusals() {
        assertThat(error(plan("")))
                .isEqualTo(ChatError.of(
                                ErrorCode.MODEL_NOT_FOUND,
                                "The model 'm' does not exist; GET /v1/models lists those that do.")
                        .withParam("model"));
        assertThat(error(plan(",\"provider\":\"x\"", provider("a"))))
                .returns(ErrorCode.INVALID_REQUEST, ChatError::code)
                .returns("provider", ChatError::param);
        assertThat(error(plan(",\"fallback_providers\":[\"a\",\"x\"]", provider("a"))))
                .returns("fallback_providers[1]", ChatError::param);
        assertThat(error(plan("", provider("a", Retry.DEFAULT, false))))
                .returns(503, ChatError::status)
                .returns("provider_disabled", ChatError::cause);
    }

    @Test
    @DisplayName("B8 Who asked for a pause is passed over until it ends; when all did, the caller is told the shortest")
    void coolDowns() {
        var ask = plan("", provider("a"), provider("b"));
        coolDowns.begin(ask.next().orElseThrow(), Duration.ofSeconds(30));
        assertThat(asked(plan("", provider("a"), provider("b")))).containsExactly("b");

        coolDowns.begin(ask.next().orElseThrow(), Duration.ofSeconds(20));
        assertThat(error(plan("", provider("a"), provider("b"))))
                .returns(ErrorCode.RATE_LIMIT_EXCEEDED, ChatError::code)
                .returns("cooling_down", ChatError::cause)
                .returns(Duration.ofSeconds(20), ChatError::retryAfter);

        now = now.plusSeconds(20);
        assertThat(asked(plan("", provider("a"), provider("b")))).containsExactly("b");
        now = now.plusSeconds(10);
        assertThat(asked(plan("", provider("a"), provider("b")))).containsExactly("a", "b");
    }

    @Test
    @DisplayName("B8 D6 A pause is an hour at most, whatever the provider says")
    void absurdPause() {
        var ask = plan("", provider("a"));
        coolDowns.begin(ask.next().orElseThrow(), Duration.ofSeconds(Long.MAX_VALUE));

        assertThat(error(plan("", provider("a")))).returns(Duration.ofHours(1), ChatError::retryAfter);
    }

    @Test
    @DisplayName("F2 Who is left alone after failures is passed over while anybody else is left")
    void resting() {
        resting.add("a");
        assertThat(asked(plan("", provider("a"), provider("b"), provider("c")))).containsExactly("b", "c");
        resting.addAll(List.of("b", "c"));
        assertThat(asked(plan("", provider("a"), provider("b")))).containsExactly("a", "b");
    }

    @Test
    @DisplayName("B8 A pause of unknown length lasts a second")
    void unsaidPause() {
        coolDowns.begin(plan("", provider("a")).next().orElseThrow(), null);

        assertThat(error(plan("", provider("a")))).returns(Duration.ofSeconds(1), ChatError::retryAfter);
    }

    private Ask plan(String fields, ProviderSpec... providers) {
        return new Planner(coolDowns, provider -> resting.contains(provider.name()))
                .plan(Asks.ask(Asks.catalog(providers), fields, Duration.ofMinutes(1)));
    }

    private static List<String> asked(Ask ask) {
        var names = new ArrayList<String>();
        for (var next = ask.next(); next.isPresent(); next = ask.next()) {
            names.add(next.get().provider().name());
            ask.fail(ChatError.of(ErrorCode.INFERENCE_FAILED, "no"));
        }
        return names;
    }

    private static ChatError error(Ask ask) {
        assertThat(ask.next()).isEmpty();
        return ((Outcome.Failed) ask.outcome()).error();
    }
}
