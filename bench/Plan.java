package bench;

import java.util.List;

/**
 * What the load generator is told to do.
 *
 * @param host whom to ask, on this machine
 * @param port and where
 * @param path the request's path
 * @param headers whole header lines, besides the usual ones
 * @param model the model to ask for
 * @param stream whether an answer in pieces is asked for
 * @param marks how often a right answer holds the mark of its request
 * @param promptBytes the length of the prompt
 * @param connections how many clients ask
 * @param perSecond how many requests all clients send a second; 0: each asks again as soon as it was answered
 * @param rampMillis over which time the clients begin, evenly, so that they do not all ask at one instant ever after
 * @param seconds how long
 * @param firstMark the number of the first request; none is used twice in one run
 */
record Plan(
        String host,
        int port,
        String path,
        List<String> headers,
        String model,
        boolean stream,
        int marks,
        int promptBytes,
        int connections,
        int perSecond,
        int rampMillis,
        int seconds,
        long firstMark) {}
