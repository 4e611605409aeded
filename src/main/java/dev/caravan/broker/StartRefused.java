package dev.caravan.broker;

import dev.caravan.access.Startup;

/** The program must not start, and the message is the one sentence that says why and what to do. */
final class StartRefused extends RuntimeException {

    private static final long serialVersionUID = 1;

    StartRefused(String sentence) {
        super(sentence, null, false, false);
    }

    /** Does a step of the start whose {@link IllegalStateException} is written for the person who starts it. */
    static void unless(Runnable step) {
        try {
            step.run();
        } catch (IllegalStateException e) {
            throw new StartRefused(String.valueOf(e.getMessage()));
        }
    }

    static <T> T require(Startup<T> startup) {
        return switch (startup) {
            case Startup.Ready<T>(var value) -> value;
            case Startup.Refused<T>(var sentence) -> throw new StartRefused(sentence);
        };
    }
}
