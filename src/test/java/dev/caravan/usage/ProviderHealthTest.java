package dev.caravan.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.chat.Usage;
import dev.caravan.plan.CallRecord;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ProviderHealthTest {

    private final ProviderHealth health = new ProviderHealth();

    @Test
    @DisplayName("C7 A provider that nobody asked is well")
    void unknown() {
        assertThat(health.of("a")).isEqualTo(new ProviderHealth.State(0, 0, 0, 100));
    }

    @Test
    @DisplayName("C7 Failures of the provider count against it; what was the caller's, and what was let go, does not")
    void counts() {
        note(200, 10, false);
        note(429, 20, false);
        note(502, 30, false);
        note(504, 40, false);
        note(504, 9000, true);

        assertThat(health.of("a")).isEqualTo(new ProviderHealth.State(4, 25, 2, 50));
        assertThat(health.of("b").calls()).isZero();
    }

    @Test
    @DisplayName("C7 Only the last hundred calls count")
    void window() {
        for (var i = 0; i < 50; i++) {
            note(500, 1000, false);
        }
        for (var i = 0; i < 75; i++) {
            note(200, 100, false);
        }
        assertThat(health.of("a")).isEqualTo(new ProviderHealth.State(100, 325, 0, 75));

        for (var i = 0; i < 250; i++) {
            note(200, 10, false);
        }
        assertThat(health.of("a")).isEqualTo(new ProviderHealth.State(100, 10, 0, 100));
    }

    private void note(int status, long millis, boolean cancelled) {
        health.note(new CallRecord("a", "m", status, null, Usage.NONE, Duration.ofMillis(millis), cancelled, false));
    }
}
