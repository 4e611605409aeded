package dev.caravan.catalog;

/**
 * A text that must not be seen: no log, error, page or topic shows it, since its {@code toString} does not.
 *
 * @param reveal the text itself, for the one place that sends it
 */
public record Secret(String reveal) {

    /** Enough to recognise it by: the last four characters of a long one. */
    public String masked() {
        return reveal.length() < 12 ? "****" : "****" + reveal.substring(reveal.length() - 4);
    }

    @Override
    public String toString() {
        return masked();
    }
}
