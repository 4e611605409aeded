package dev.caravan.chat;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceTest {

    private static final String ID = "4bf92f3577b34da6a3ce929d0e0e4736";

    @Test
    @DisplayName("F1 a trace goes on under its id and flags, each time with another span; also one of a later version")
    void goesOn() {
        var trace = requireNonNull(Trace.of("00-" + ID + "-00f067aa0ba902b7-01"));

        assertThat(trace).isEqualTo(Trace.of("01-" + ID + "-00f067aa0ba902b7-01-more"));
        assertThat(trace.next()).matches("00-" + ID + "-[0-9a-f]{16}-01").isNotEqualTo(trace.next());
        assertThat(Trace.of(trace.next())).isEqualTo(trace);
    }

    @ParameterizedTest
    @DisplayName("F1 what is no trace is none")
    @ValueSource(
            strings = {
                "",
                "00-1-2-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more"
            })
    void isNone(String header) {
        assertThat(Trace.of(header)).isNull();
        assertThat(Trace.of(null)).isNull();
    }
}
