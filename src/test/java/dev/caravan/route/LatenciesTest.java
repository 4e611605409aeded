package dev.caravan.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LatenciesTest {

    private long now;
    private final Latencies latencies = new Latencies(() -> now);

    @Test
    @DisplayName("A4 The median of the last waits is told for each model at each provider, once a few are known")
    void median() {
        for (var millis : new int[] {10, 20, 1000}) {
            assertThat(latencies.of("a", "m").firstTokenMs()).isEmpty();
            latencies.firstToken("a", "m", Duration.ofMillis(millis));
        }

        assertThat(latencies.of("a", "m").firstTokenMs()).hasValue(20);
        assertThat(latencies.of("a", "m").answerMs()).isEmpty();
        assertThat(latencies.of("b", "m")).isEqualTo(Latencies.Waits.UNKNOWN);
    }

    @Test
    @DisplayName("A4 It moves: new waits take the place of old ones, and after ten minutes nothing is known any more")
    void moves() {
        for (var i = 0; i < 100; i++) {
            latencies.answer("a", "m", Duration.ofMillis(500));
        }
        for (var i = 0; i < 64; i++) {
            latencies.answer("a", "m", Duration.ofMillis(5));
        }
        assertThat(latencies.of("a", "m").answerMs()).hasValue(5);

        now += Duration.ofMinutes(11).toNanos();
        assertThat(latencies.of("a", "m").answerMs()).isEmpty();
    }
}
