package dev.caravan.access;

/** Something that the program needs before it can start. */
public sealed interface Startup<T> {

    record Ready<T>(T value) implements Startup<T> {}

    /**
     * The program must not start.
     *
     * @param sentence why, and what to do, for the person who starts it
     */
    record Refused<T>(String sentence) implements Startup<T> {}
}
