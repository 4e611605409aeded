package dev.caravan.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The end of a broker that has lost what it cannot be without and cannot get back in this process: it says so in one
 * sentence and ends with status 1, so that its supervisor starts it again. To close in order may hang for want of the very
 * thing that was lost, so that it gets a while and no more. Thread-safe.
 */
final class FatalStop {

    private static final Logger LOG = LoggerFactory.getLogger(FatalStop.class);

    /** What is being asked by HTTP may end meanwhile. */
    private static final Duration IN_ORDER = Duration.ofSeconds(10);

    private static final int STATUS = 1;

    private final ConfigurableApplicationContext context;
    private final Path data;
    private final AtomicBoolean begun = new AtomicBoolean();

    /** @param data whose room on the disk is told */
    FatalStop(ConfigurableApplicationContext context, Path data) {
        this.context = context;
        this.data = data;
    }

    /**
     * Returns at once; the process ends soon. What follows the first call is passed over.
     *
     * @param lost in a sentence
     */
    void because(String lost) {
        if (!begun.compareAndSet(false, true)) {
            return;
        }
        LOG.error("The broker stops with status {}, to be started again: {} {}", STATUS, lost, room());
        var closing = Thread.ofPlatform().daemon().name("fatal-close").start(context::close);
        Thread.ofPlatform().name("fatal-stop").start(() -> {
            try {
                if (!closing.join(IN_ORDER)) {
                    LOG.error("What is in flight is not waited for any longer; it begins anew at the next start");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            Runtime.getRuntime().halt(STATUS);
        });
    }

    /** A full disk is the usual cause, which an operator should not have to guess. */
    private String room() {
        try {
            return "%s has %,d MB of room."
                    .formatted(data, Files.getFileStore(data).getUsableSpace() >> 20);
        } catch (IOException e) {
            return "The room in " + data + " is not known: " + e.getMessage();
        }
    }
}
