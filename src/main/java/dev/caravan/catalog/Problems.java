package dev.caravan.catalog;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is wrong in a document, in the order in which it was found. Not thread-safe. */
public final class Problems {

    /**
     * One thing that is wrong.
     *
     * @param column null if it is not known
     * @param path the field, such as {@code retry.max_delay}; empty for the document as a whole
     */
    public record Problem(int line, @Nullable Integer column, String path, String message) {}

    private final List<Problem> found = new ArrayList<>();

    public void add(int line, String path, String message) {
        found.add(new Problem(line, null, path, message));
    }

    /** Something wrong with the document as a whole, at one place. */
    public void add(int line, int column, String message) {
        found.add(new Problem(line, column, "", message));
    }

    public List<Problem> all() {
        return found;
    }
}
