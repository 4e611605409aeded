package bench;

/**
 * What the load generator saw. Times in microseconds.
 *
 * @param requests requests sent
 * @param right of those, how many were answered with 200 and the right mark
 * @param firstWrong the first answer that was not right; empty if all were
 * @param seconds from the first request to the last answer
 * @param answersPerSecond answers a second while all clients were asking: after the ramp, before the first of them ended
 * @param p50 median time to the end of an answer
 * @param p99 99th percentile of it
 * @param firstP50 median time to the first piece of an answer that holds its text
 * @param firstP99 99th percentile of it
 */
record Result(
        long requests,
        long right,
        String firstWrong,
        double seconds,
        double answersPerSecond,
        double p50,
        double p99,
        double firstP50,
        double firstP99) {}
