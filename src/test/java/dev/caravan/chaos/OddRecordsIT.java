package dev.caravan.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class OddRecordsIT extends Scenario {

    @Test
    @DisplayName(
            "F4 poison records, a record of 5 MB and 10,000 duplicates of an id hold up nothing and are answered once")
    void oddRecords() {
        try (var broker = serving(folder, Map.of());
                var batch = new Batch(broker.kafka())) {
            for (var i = 0; i < 10_000; i++) {
                batch.send(MODEL, "the-same");
            }
            batch.sendBody("poison-null", null);
            batch.sendBody("poison-json", "{\"model\":");
            batch.sendBody("poison-bytes", "\u0000\uFFFF[[[[[");
            batch.sendBody("poison-deep", "[".repeat(100_000));
            batch.sendBody(
                    "large",
                    "{\"model\":\"" + MODEL + "\",\"messages\":[{\"role\":\"user\",\"content\":\""
                            + "x".repeat(5_000_000) + "\"}]}");
            awaitAll(
                    Thread.startVirtualThread(
                            () -> IntStream.range(0, JOBS).forEach(i -> batch.send(MODEL, "job-" + i))),
                    batch);

            var count = batch.count();
            tell("10,000 duplicates of an id, four poison records, one of 5 MB", count);
            assertThat(count.answered()).isEqualTo(JOBS + 6);
            assertThat(count.repeated()).isZero();
            assertThat(count.wrong())
                    .as("four poisons; the large one has another answer")
                    .isEqualTo(5);
            assertThat(provider.calls()).containsEntry("the-same", 1);
            askedAgainOnlyWhatWasInFlight();
        }
    }
}
