package dev.caravan.cooperation;

/** How alike texts are. */
sealed interface Similarity permits TokenOverlap, Vectors {

    /** 1 for the same, and the less the less they have in common; the same both ways round. */
    double between(String one, String other);

    /** From here on two texts count as similar. */
    double alike();

    /** What tells it, as the answer says it. */
    String by();
}
