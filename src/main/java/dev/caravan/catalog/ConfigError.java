package dev.caravan.catalog;

/**
 * Something wrong in a configuration file.
 *
 * @param file the file, as its folder was given
 * @param line counted from 1
 * @param message what is wrong and what would be right
 */
public record ConfigError(String file, int line, String message) {

    /** One line for a person, in the form that editors and terminals make clickable. */
    @Override
    public String toString() {
        return file + ":" + line + ": " + message;
    }
}
