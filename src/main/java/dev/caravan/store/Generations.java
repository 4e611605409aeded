package dev.caravan.store;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Which generation of the statistics is shown, and which one is being built. Works within the caller's transaction.
 * Thread-safe.
 */
final class Generations {

    /** A subquery: the generation that is shown. */
    static final String LIVE = "(SELECT live FROM statistics_state WHERE id = 1)";

    /** A condition: what was shown before, and what was given up. Numbers count up and are not used again. */
    static final String OLD =
            "(generation < " + LIVE + " OR generation IN (SELECT generation FROM usage_replay WHERE status = "
                    + UsageReplay.State.FAILED.ordinal() + "))";

    /**
     * How they stand.
     *
     * @param horizon seconds since 1970; events that ended before are not counted any more
     * @param building null where none is
     */
    record State(long live, long horizon, @Nullable Building building) {

        /** Whether this generation is being built. */
        boolean builds(long generation) {
            return building != null && building.generation() == generation;
        }
    }

    /**
     * The one that is being built.
     *
     * @param horizon as in {@link State}
     * @param repriced whether its second cost is by prices of today
     */
    record Building(long generation, long horizon, boolean repriced) {}

    private final JdbcTemplate jdbc;

    Generations(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** How they stand; nobody else adds to any of them until the transaction ends. */
    State lock() {
        return Objects.requireNonNull(jdbc.queryForObject("""
                SELECT live, horizon_second, building, building_horizon_second, building_repriced
                FROM statistics_state WHERE id = 1 FOR UPDATE""", (row, number) -> {
            var generation = row.getObject("building", Long.class);
            return new State(
                    row.getLong("live"),
                    row.getLong("horizon_second"),
                    generation == null
                            ? null
                            : new Building(
                                    generation,
                                    row.getLong("building_horizon_second"),
                                    row.getBoolean("building_repriced")));
        }));
    }

    void moveHorizon(long second) {
        jdbc.update("UPDATE statistics_state SET horizon_second = ? WHERE id = 1", second);
    }

    void build(Building building) {
        jdbc.update("""
                UPDATE statistics_state SET building = ?, building_horizon_second = ?, building_repriced = ? WHERE id = 1""", building.generation(), building.horizon(), building.repriced());
    }

    void dropBuilding() {
        jdbc.update("UPDATE statistics_state SET building = NULL WHERE id = 1");
    }

    /** The one that was being built is shown from now on. */
    void swap() {
        jdbc.update("""
                UPDATE statistics_state SET live = building, horizon_second = building_horizon_second, building = NULL
                WHERE id = 1""");
    }
}
