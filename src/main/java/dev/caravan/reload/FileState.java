package dev.caravan.reload;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one configuration file.
 *
 * @param loadedAt since when {@code digest} is in force; null if nothing of the file ever was
 * @param digest SHA-256 in hex of the content that is in force
 * @param inForce whether that is what the file holds now
 * @param restartRequired whether what it holds now will be in force after the next start
 * @param errors what is wrong with what the file holds now; empty as soon as it is good
 * @param failedAt when that was found out
 */
public record FileState(
        Path file,
        Kind kind,
        @Nullable Instant loadedAt,
        @Nullable String digest,
        boolean inForce,
        boolean restartRequired,
        List<ConfigError> errors,
        @Nullable Instant failedAt) {

    /** What a file is about. */
    public enum Kind {
        SETTINGS,
        TOPICS,
        PROVIDERS,
        MODELS,
        PRICES,
        ROUTES,
        PROMPTS,
        SERVICES;

        /** As the API calls it. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public FileState {
        errors = List.copyOf(errors);
    }
}
