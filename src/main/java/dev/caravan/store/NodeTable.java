package dev.caravan.store;

import java.time.Duration;
import java.util.Objects;
import org.springframework.jdbc.core.JdbcTemplate;

/** The tables {@code job_node} and {@code job_incarnation}: which instances are alive, by the clock of the database. Thread-safe. */
record NodeTable(JdbcTemplate jdbc) {

    /** To be called in a transaction. */
    long join(String node, Duration lease) {
        jdbc.update("UPDATE job_incarnation SET last = last + 1");
        long incarnation = Objects.requireNonNull(jdbc.queryForObject("SELECT last FROM job_incarnation", Long.class));
        var known = jdbc.update(
                "UPDATE job_node SET incarnation = ?, lease_until = CURRENT_TIMESTAMP + %s WHERE name = ?"
                        .formatted(seconds(lease)),
                incarnation,
                node);
        if (known == 0) {
            jdbc.update(
                    "INSERT INTO job_node (name, incarnation, lease_until) VALUES (?, ?, CURRENT_TIMESTAMP + %s)"
                            .formatted(seconds(lease)),
                    node,
                    incarnation);
        }
        return incarnation;
    }

    boolean renew(long incarnation, Duration lease) {
        return jdbc.update(
                        "UPDATE job_node SET lease_until = CURRENT_TIMESTAMP + %s WHERE incarnation = ?"
                                .formatted(seconds(lease)),
                        incarnation)
                == 1;
    }

    void leave(long incarnation) {
        jdbc.update("UPDATE job_node SET lease_until = CURRENT_TIMESTAMP WHERE incarnation = ?", incarnation);
    }

    private static String seconds(Duration lease) {
        return "INTERVAL '" + lease.toSeconds() + "' SECOND";
    }
}
