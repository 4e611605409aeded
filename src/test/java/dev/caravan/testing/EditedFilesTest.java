package dev.caravan.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class EditedFilesTest {

    private static final String PRICES = "config/prices.yaml";

    @Test
    @DisplayName("F3 Who waits for a file that was written waits until what was written is in force")
    void waits() {
        try (var files = new EditedFiles()) {
            var before = files.state(PRICES);

            files.write(PRICES, files.text(PRICES) + "# " + Instant.now() + "\n");
            files.awaitInForce(PRICES);

            assertThat(files.state(PRICES).path("digest")).isNotEqualTo(before.path("digest"));
        }
    }
}
