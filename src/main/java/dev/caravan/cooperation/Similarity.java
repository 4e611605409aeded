package dev.caravan.cooperation;

/** How alike texts are. */
@FunctionalInterface
public interface Similarity {

    /** From 0 for nothing in common to 1 for the same; the same both ways round. */
    double between(String one, String other);
}
