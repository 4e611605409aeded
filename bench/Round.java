package bench;

import java.util.List;

/**
 * One target under one case for some seconds.
 *
 * @param what the case
 * @param target who was asked
 * @param number which round, from 1; 0 for the warm-up
 * @param result what the clients saw
 * @param reached how many requests the mock upstream counted
 * @param asked CPU of the target while it was asked
 * @param afterwards CPU of the target from the last answer until it was quiet
 * @param quiet whether it became quiet
 * @param allocatedBytes what it allocated on its heap in both; NaN if unknown
 * @param rssBytes its memory in each second while it was asked; at least one
 * @param live its heap, in a soak
 * @param load CPU of the load generator while it asked
 * @param upstream CPU of the mock upstream in that time
 * @param othersMicros CPU of all other programs of the machine in that time; NaN if the target's is unknown
 */
record Round(
        Case what,
        Target target,
        int number,
        Result result,
        long reached,
        Used asked,
        Used afterwards,
        boolean quiet,
        double allocatedBytes,
        List<Long> rssBytes,
        Live live,
        Used load,
        Used upstream,
        double othersMicros) {

    /**
     * What is on a heap after full collections, in bytes; NaN if unknown or not asked for.
     *
     * @param before before a soak
     * @param after after it
     */
    record Live(double before, double after) {

        static final Live UNKNOWN = new Live(Double.NaN, Double.NaN);
    }

    /** CPU per request in microseconds, that of the compiler threads left out, that of put-off work included. */
    double cpu() {
        return perRequest(asked.withoutJit() + afterwards.withoutJit());
    }

    /** The part of {@link #cpu()} that came after the last answer. */
    double cpuAfterwards() {
        return perRequest(afterwards.withoutJit());
    }

    /** What the compiler threads used besides, in microseconds per request. */
    double jit() {
        return perRequest(asked.jitMicros() + afterwards.jitMicros());
    }

    /** Whether its compiler threads used more than a twentieth of what the others used: it is not warm. */
    boolean compiles() {
        return jit() > cpu() / 20;
    }

    /** Bytes allocated per request. */
    double allocated() {
        return allocatedBytes / Math.max(1, result.requests());
    }

    /** Its memory at the end; NaN if unknown. */
    double lastRssBytes() {
        return target.pid() == 0 || target.isUpstream() ? Double.NaN : rssBytes.getLast();
    }

    /** How many percent of one core the load generator used. */
    double loadPercent() {
        return percent(load.micros());
    }

    /** How many percent of one core the mock upstream used. */
    double upstreamPercent() {
        return percent(upstream.micros());
    }

    /** How many percent of one core other programs used. */
    double othersPercent() {
        return percent(othersMicros);
    }

    boolean isRight() {
        return result.requests() > 0
                && result.right() == result.requests()
                && (!target.counted() || reached == result.requests());
    }

    /** Why it is not right, for a person. */
    String problem() {
        return "%s, %s, %s: %d requests, %d right answers, %d reached the upstream. First wrong answer: %s"
                .formatted(
                        what.name(),
                        target.name(),
                        name(),
                        result.requests(),
                        result.right(),
                        reached,
                        result.firstWrong().isEmpty() ? "none" : result.firstWrong());
    }

    /** {@code warm-up} or {@code round N}. */
    String name() {
        return number == 0 ? "warm-up" : "round " + number;
    }

    private double perRequest(double micros) {
        return target.pid() == 0 || target.isUpstream() ? Double.NaN : micros / Math.max(1, result.requests());
    }

    private double percent(double micros) {
        return micros / result.seconds() / 10_000;
    }
}
