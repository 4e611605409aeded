package bench;

/**
 * One target under one case for some seconds.
 *
 * @param what the case
 * @param target who was asked
 * @param number which round, from 1
 * @param result what the clients saw
 * @param reached how many requests the mock upstream counted
 * @param cpu CPU of the target per request while it was asked, in microseconds
 * @param withoutJit the same without the compiler threads
 * @param afterwards CPU per request that the target used after the last answer, until it was quiet
 * @param rssBytes its memory at the end
 * @param loadCpu CPU of the load generator per request
 * @param upstreamCpu CPU of the mock upstream per request
 */
record Round(
        Case what,
        Target target,
        int number,
        Result result,
        long reached,
        double cpu,
        double withoutJit,
        double afterwards,
        long rssBytes,
        double loadCpu,
        double upstreamCpu) {

    double perSecond() {
        return result.requests() / result.seconds();
    }

    boolean isRight() {
        return result.requests() > 0
                && result.right() == result.requests()
                && (!target.counted() || reached == result.requests());
    }

    /** Why it is not right, for a person. */
    String problem() {
        return "%s, %s, round %d: %d requests, %d right answers, %d reached the upstream. First wrong answer: %s"
                .formatted(
                        what.name(),
                        target.name(),
                        number,
                        result.requests(),
                        result.right(),
                        reached,
                        result.firstWrong());
    }
}
