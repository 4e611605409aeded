package bench;

/**
 * How the mock upstream answers: {@code mock-delay-500} after 500 ms, {@code mock-stream-100x20} with 100 pieces of which
 * one is sent each 20 ms, any other model at once.
 *
 * @param delayMillis how long it waits
 * @param pieces how many pieces a stream has; 0 for an answer in one
 * @param intervalMillis how long it waits before each piece
 */
record Script(int delayMillis, int pieces, int intervalMillis) {

    static Script of(String model) {
        var parts = model.split("-");
        if (parts.length == 3 && parts[1].equals("delay")) {
            return new Script(Integer.parseInt(parts[2]), 0, 0);
        }
        if (parts.length == 3 && parts[1].equals("stream")) {
            var stream = parts[2].split("x");
            return new Script(0, Integer.parseInt(stream[0]), Integer.parseInt(stream[1]));
        }
        return new Script(0, 0, 0);
    }

    boolean streams() {
        return pieces > 0;
    }

    /** How long an answer takes when nothing else takes time. */
    int millis() {
        return delayMillis + pieces * intervalMillis;
    }

    /** How often a right answer holds the mark of its request. */
    int marks() {
        return Math.max(1, pieces);
    }
}
