package dev.caravan.store;

/**
 * The database that is configured cannot be used. The message is one sentence for the person who starts the program; it
 * never holds the URL, for that may hold a password.
 */
public final class DatabaseRefused extends RuntimeException {

    private static final long serialVersionUID = 1;

    DatabaseRefused(String sentence) {
        super(sentence, null, false, false);
    }
}
