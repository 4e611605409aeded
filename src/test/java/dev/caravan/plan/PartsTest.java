package dev.caravan.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.chat.Cancellation;
import dev.caravan.chat.Usage;
import dev.caravan.provider.ollama.OllamaCodec;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PartsTest {

    @Test
    @DisplayName("C2 However many answers are asked for, their calls hold one body between them")
    void oneBody() {
        var calls = new Parts(asked())
                .asks().stream()
                        .map(part -> new ProviderCall(part, Asks.coolDowns(), new OllamaCodec()))
                        .toList();

        assertThat(calls).hasSize(128);
        var body = calls.getFirst().http().body();
        assertThat(calls).allSatisfy(call -> assertThat(call.http().body()).isSameAs(body));
    }

    @Test
    @DisplayName("C2 A part whose provider was changed meanwhile is put to it as it is now")
    void changed() {
        var parts = new Parts(asked()).asks();
        var before = new ProviderCall(parts.getFirst(), Asks.coolDowns(), new OllamaCodec());
        parts.getLast().turnTo(parts.getLast().current().at(Asks.provider("b")));
        var after = new ProviderCall(parts.getLast(), Asks.coolDowns(), new OllamaCodec());

        assertThat(after.http()).isNotSameAs(before.http());
        assertThat(after.deployment().provider().name()).isEqualTo("b");
    }

    @Test
    @DisplayName("C6 D11 The calls of parts are counted for the request on whose behalf they are made")
    void counted() {
        var whole = asked();
        var own = whole.on(whole.requireRequest(), new Cancellation(), Duration.ofSeconds(9), new Asker() {});
        var call = new CallRecord("a", "m", 200, null, new Usage(7, 3), Duration.ofMillis(20), false, false);

        new Parts(own).asks().getFirst().record(call);

        assertThat(own.calls()).containsExactly(call);
        assertThat(whole.calls()).containsExactly(call);
    }

    private static Ask asked() {
        var ask = Asks.planned(",\"n\":128", Asks.provider("a"));
        assertThat(ask.next()).isPresent();
        return ask;
    }
}
