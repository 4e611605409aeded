package dev.caravan.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.access.Identity;
import dev.caravan.chat.ChatError;
import dev.caravan.chat.ErrorCode;
import dev.caravan.chat.Outcome;
import dev.caravan.chat.Usage;
import dev.caravan.plan.Ask;
import dev.caravan.plan.Asks;
import dev.caravan.route.Latencies;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class AccountsTest {

    private final UsageOutbox outbox = UsageEvents.outbox();
    private final ProviderHealth health = new ProviderHealth();
    private final Accounts accounts =
            new Accounts(outbox, new Meters(new SimpleMeterRegistry()), health, new Latencies());

    @Test
    @DisplayName("F5 An event lists every call and sums them up; each token is priced in one bucket only")
    void totals() {
        var ask = Asks.planned(",\"retry_count\":1", Asks.provider("a"));
        var call = Asks.call(ask);
        call.begin();
        call.settle(new Outcome.Failed(ChatError.of(ErrorCode.INFERENCE_FAILED, "no")));
        call.begin();
        call.settle(new Outcome.Answered(Asks.response("hi", new Usage(1000, 200, 400, 150))));
        call.finish();
        ask.answeredBy("chatcmpl-1");

        var event = closed(ask);

        assertThat(event.requestId()).isEqualTo("r-1");
        assertThat(event.completionId()).isEqualTo("chatcmpl-1");
        assertThat(event.provider()).isEqualTo("a");
        assertThat(event.statusCode()).isEqualTo(200);
        assertThat(event.errorCode()).isNull();
        assertThat(event.key()).isEqualTo("admin");
        assertThat(event.usage()).isEqualTo(new Usage(1000, 200, 400, 150));
        assertThat(event.totalTokens()).isEqualTo(1200);
        // 600 tokens at 10, 400 cached ones at 1, 200 at 100, for a million each
        assertThat(event.cost()).isEqualByComparingTo("0.0264");
        assertThat(event.calls()).extracting(UsageCall::status).containsExactly(502, 200);
        assertThat(health.of("a"))
                .isEqualTo(new ProviderHealth.State(2, health.of("a").responseTimeMs(), 0, 50));
    }

    @Test
    @DisplayName("F5 A provider that counts more cached tokens than tokens makes no negative cost")
    void nonsense() {
        var ask = Asks.planned("", Asks.provider("a"));
        var call = Asks.call(ask);
        call.begin();
        call.settle(new Outcome.Answered(Asks.response("hi", new Usage(10, 0, 20, 0))));
        call.finish();

        assertThat(closed(ask).cost()).isPositive();
    }

    @Test
    @DisplayName("F5 A refused request has an event too, without model, provider and calls")
    void refused() {
        var ask = Ask.refused(
                Asks.arrival(), Asks.catalog(), Identity.ANONYMOUS, ChatError.invalid("model", "Missing field"));

        var event = closed(ask);

        assertThat(event.statusCode()).isEqualTo(400);
        assertThat(event.errorCode()).isEqualTo("invalid_request");
        assertThat(event.model()).isNull();
        assertThat(event.provider()).isNull();
        assertThat(event.calls()).isEmpty();
        assertThat(event.key()).isEqualTo("anonymous");
    }

    @Test
    @DisplayName("F5 A request that all failed has the status its caller saw, and no provider")
    void allFailed() {
        var ask = Asks.planned(",\"retry_count\":0", Asks.provider("a"), Asks.provider("b"));
        for (var i = 0; i < 2; i++) {
            var call = Asks.call(ask);
            call.begin();
            call.settle(new Outcome.Failed(ChatError.of(ErrorCode.TIMEOUT, "late")));
            call.finish();
        }

        var event = closed(ask);

        assertThat(event.statusCode()).isEqualTo(503);
        assertThat(event.errorCode()).isEqualTo("service_unavailable");
        assertThat(event.provider()).isNull();
        assertThat(event.calls()).extracting(UsageCall::provider).containsExactly("a", "b");
    }

    private UsageEvent closed(Ask ask) {
        accounts.close(ask);
        var events = outbox.take(10).values();
        assertThat(events).hasSize(1);
        return ((Parsed.Valid<UsageEvent>) UsageEvent.parse(events.getFirst())).value();
    }
}
