package dev.caravan.reload;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Something wrong in a configuration file.
 *
 * @param file the file, as its folder was given
 * @param line counted from 1; null if it is not known
 * @param column counted from 1; null if it is not known
 * @param message what is wrong and what would be right; quotes no value of the file, which may be a key
 */
public record ConfigError(
        String file, @Nullable Integer line, @Nullable Integer column, String message) {

    public ConfigError(Path file, @Nullable Integer line, String message) {
        this(file.toString(), line, null, message);
    }

    /** One line for a person, in the form that editors and terminals make clickable. */
    @Override
    public String toString() {
        return file + (line == null ? "" : ":" + line) + ": " + message;
    }
}
