package bench;

/**
 * CPU time that a process used in a while, in microseconds.
 *
 * @param micros of all its threads
 * @param jitMicros of its compiler threads
 */
record Used(long micros, long jitMicros) {

    long withoutJit() {
        return micros - jitMicros;
    }
}
