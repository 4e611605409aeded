package dev.caravan.catalog;

import java.util.ArrayList;
import java.util.List;

/** What is wrong in a document, in the order in which it was found. Not thread-safe. */
final class Problems {

    /**
     * One thing that is wrong.
     *
     * @param path the field, such as {@code retry.max_delay}; empty for the document as a whole
     */
    record Problem(int line, String path, String message) {}

    private final List<Problem> found = new ArrayList<>();

    void add(int line, String path, String message) {
        found.add(new Problem(line, path, message));
    }

    List<Problem> all() {
        return found;
    }
}
