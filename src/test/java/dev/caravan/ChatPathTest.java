package dev.caravan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.RunningBroker;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ChatPathTest {

    private final RunningBroker broker = RunningBroker.shared();

    @Test
    @DisplayName("F7 The simulator answers through the whole path")
    void echoes() {
        var response = broker.post("/v1/chat/completions", """
                {"model":"sim-echo","messages":[{"role":"user","content":"Hello!"}]}""");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).contains("\"content\":\"Hello!\"", "\"provider\":\"simulator\"");
    }
}
