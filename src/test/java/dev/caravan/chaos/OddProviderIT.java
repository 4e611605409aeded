package dev.caravan.chaos;

import static dev.caravan.chaos.CountingProvider.Mood.FINE;
import static dev.caravan.chaos.CountingProvider.Mood.GARBAGE;
import static dev.caravan.chaos.CountingProvider.Mood.HANGS;
import static org.awaitility.Awaitility.await;

import dev.caravan.chaos.CountingProvider.Mood;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * A provider that is there and no use. In the short form to a few calls, in the long one to all for a while: then its breaker
 * opens, and jobs move to the retry topic.
 */
class OddProviderIT extends Scenario {

    private static final String IMPATIENT = ",\"timeout\":2,\"retry\":{\"max_retries\":2,\"initial_delay\":1}";

    private static final int EVERY = LONG ? 1 : 20;

    @Test
    @DisplayName("F4 a provider that hangs, and one that answers garbage, delay jobs and lose none")
    void hangingAndGarbage() {
        try (var broker = serving(folder, Map.of(), IMPATIENT)) {
            misbehaving(broker.kafka(), HANGS, "provider hanging");
            misbehaving(broker.kafka(), GARBAGE, "provider answering garbage");
        }
    }

    private void misbehaving(String kafka, Mood mood, String what) {
        try (var batch = new Batch(kafka)) {
            provider.forget();
            var sender = sendOver(Duration.ofMillis(LONG ? AWAY_SECONDS * 1500L : 1500), batch, mood + "-", 0);
            provider.turn(mood, EVERY);
            pause(LONG ? AWAY_SECONDS * 1000 : 0);
            await().atMost(Duration.ofSeconds(30)).until(() -> provider.misbehaved() >= 5);
            provider.turn(FINE, 1);
            awaitAll(sender, batch);
            report(LONG ? what + " for " + AWAY_SECONDS + " s" : what + " now and then", batch, false);
        }
    }
}
