package dev.caravan.store;

import org.springframework.jdbc.core.simple.JdbcClient;

/** Remembers for ever that a client key was configured once. Thread-safe. */
public final class KeyMark {

    private final JdbcClient sql;

    public KeyMark(JdbcClient sql) {
        this.sql = sql;
    }

    /** Whether a client key was ever configured; {@code now} is remembered if it is one. */
    public boolean everConfigured(boolean now) {
        if (now) {
            sql.sql("INSERT INTO setting (name, content) VALUES ('client_key_seen', 'true') ON CONFLICT DO NOTHING")
                    .update();
            return true;
        }
        return sql.sql("SELECT count(*) FROM setting WHERE name = 'client_key_seen'")
                        .query(Long.class)
                        .single()
                > 0;
    }
}
