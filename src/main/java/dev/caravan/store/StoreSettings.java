package dev.caravan.store;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the database is and how long it keeps what.
 *
 * @param data the data folder; the embedded database is in its {@code db}
 * @param dbUrl any JDBC URL; null or blank: the embedded database
 * @param dbUser null or blank: as in the URL
 * @param dbPassword null: as in the URL
 * @param logRetention how long the log keeps a request, and the statistics the ids by which they know repeats
 */
@ConfigurationProperties("caravan")
public record StoreSettings(
        @DefaultValue("./data") Path data,
        @Nullable String dbUrl,
        @Nullable String dbUser,
        @Nullable String dbPassword,
        @DefaultValue("30d") Duration logRetention) {

    boolean embedded() {
        return dbUrl == null || dbUrl.isBlank();
    }

    /** Without the URL, for it may hold a password. */
    @Override
    public String toString() {
        return "StoreSettings[data=%s, embedded=%s, logRetention=%s]".formatted(data, embedded(), logRetention);
    }
}
