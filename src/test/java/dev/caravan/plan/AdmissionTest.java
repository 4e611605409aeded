package dev.caravan.plan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import dev.caravan.access.Identity;
import dev.caravan.catalog.Catalog;
import dev.caravan.catalog.Prices;
import dev.caravan.chat.Cancellation;
import java.lang.ref.WeakReference;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class AdmissionTest {

    @Test
    @DisplayName("C2 A request that has ended is not kept until its 'timeout' would have ended")
    void timeoutIsLetGo() {
        try (var deadlines = new Deadlines()) {
            var kept = admitAndEnd(new Admission(Duration.ofMinutes(1), deadlines));

            await().until(() -> {
                System.gc();
                return kept.refersTo(null);
            });
        }
    }

    private static WeakReference<Cancellation> admitAndEnd(Admission admission) {
        var cancellation = new Cancellation();
        var arrival = new Ask.Arrival(
                "id", Ask.Door.HTTP, "/v1/chat/completions", Instant.now(), System.nanoTime(), cancellation);
        var catalog = new Catalog(1, List.of(), List.of(), new Prices(List.of()), Clock.systemUTC());
        admission
                .admit(arrival, catalog, Identity.ANONYMOUS, """
                        {"model":"m","messages":[{"role":"user","content":"x"}],"timeout":3600}""".getBytes(UTF_8))
                .end();
        return new WeakReference<>(cancellation);
    }
}
