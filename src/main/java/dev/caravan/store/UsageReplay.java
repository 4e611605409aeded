package dev.caravan.store;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One time that statistics and log are rebuilt from the usage topic, as {@code /admin/usage/replay} tells of it.
 *
 * @param id counts up
 * @param from the hour with which it begins; what happened before stays as it is; null: everything is rebuilt
 * @param reprice whether the second cost is worked out anew
 * @param startedAt when it began
 * @param heardAt when its instance last made a step, or ended it
 * @param recordsRead records of the topic it has been through
 * @param recordsTotal how many there are to go through
 * @param before sums that were shown when it was done; null until then
 * @param after sums that are shown since; null until then
 * @param error why it failed; null if it did not
 */
@JsonNaming(SnakeCaseStrategy.class)
public record UsageReplay(
        long id,
        State state,
        @Nullable Instant from,
        boolean reprice,
        Instant startedAt,
        Instant heardAt,
        long recordsRead,
        long recordsTotal,
        @Nullable Sums before,
        @Nullable Sums after,
        @Nullable String error) {

    /** What has become of it. */
    public enum State {
        @JsonProperty("running")
        RUNNING,
        @JsonProperty("done")
        DONE,
        @JsonProperty("failed")
        FAILED
    }

    /**
     * All hours together.
     *
     * @param totalCost USD, by the prices of the time
     * @param totalRepricedCost USD, by the prices known last
     */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Sums(long totalRequests, BigDecimal totalCost, BigDecimal totalRepricedCost) {}
}
