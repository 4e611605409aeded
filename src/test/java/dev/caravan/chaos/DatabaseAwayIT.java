package dev.caravan.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.KafkaProcess;
import dev.caravan.testing.Postgres;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DatabaseAwayIT extends Scenario {

    @Test
    @DisplayName("F4 F6 while the database is away jobs wait; afterwards each is answered once")
    void databaseAway() {
        var url = URI.create(Postgres.shared().newDatabase().substring("jdbc:".length()));
        try (var kafka = KafkaProcess.start(folder.resolve("kafka"));
                var database = new Breakable(url.getPort())) {
            var shared =
                    shared(kafka.bootstrapServers(), "jdbc:postgresql://127.0.0.1:" + database.port() + url.getPath());
            try (var broker = serving(folder.resolve("one"), shared);
                    var batch = new Batch(kafka.bootstrapServers())) {
                var sender = sendOver(Duration.ofMillis(6500), batch);
                pause(2000);
                database.cut();
                pause(AWAY_SECONDS * 1000);
                database.mend();
                awaitAll(sender, batch);
                report("database away for %d s".formatted(AWAY_SECONDS), batch, false);
                askedAgainOnlyWhatWasInFlight();
                assertThat(broker.log().lines().filter(line -> line.contains("claims of jobs")))
                        .as("told once, and when it is back")
                        .hasSizeBetween(2, 4);
            }
        }
    }
}
