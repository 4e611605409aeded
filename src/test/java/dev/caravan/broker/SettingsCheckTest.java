package dev.caravan.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.reload.ConfigError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.env.StandardEnvironment;

class SettingsCheckTest {

    private static final Path FILE = Path.of("application.yaml");

    private final SettingsCheck check = new SettingsCheck(new StandardEnvironment());

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "max-connections: many           | 'caravan.door.max-connections' is no int",
                "max-connections: 0              | 'caravan.door.max-connections' must be at least 1",
                "cors.max-age: 0s                | 'caravan.door.cors.max-age' must be from 10ms to 1d",
                "cors.allowed-origins: h.example | 'caravan.door.cors.allowed-origins' must be * or of the form"
                        + " https://app.example.com, in small letters and without a path",
            })
    @DisplayName("F3 a setting of the door that refuses a start is told, with its line and without its value")
    void door(String setting, String message) {
        assertThat(check.problem(FILE, "caravan:\n  door:\n    " + setting + "\n"))
                .hasValueSatisfying(error -> {
                    assertThat(error).extracting(ConfigError::line).isEqualTo(3);
                    assertThat(error.message()).isEqualTo(message);
                });
    }

    @Test
    @DisplayName("F3 nothing is wrong with an empty file, nor with the one that comes with the broker")
    void good() throws IOException {
        assertThat(check.problem(FILE, "")).isEmpty();
        assertThat(check.problem(FILE, Files.readString(Path.of("config/application.yaml"))))
                .isEmpty();
    }
}
