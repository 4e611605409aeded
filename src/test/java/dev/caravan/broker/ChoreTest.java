package dev.caravan.broker;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ChoreTest {

    private final Logger logger = (Logger) LoggerFactory.getLogger(Chore.class);
    private final ListAppender<ILoggingEvent> told = new ListAppender<>();

    @BeforeEach
    void listen() {
        told.start();
        logger.addAppender(told);
    }

    @AfterEach
    void listenNoMore() {
        logger.detachAppender(told);
    }

    @Test
    @DisplayName("A failure of a chore is told as it begins, again when it is another one, and as it ends")
    void tellsOnce() {
        runs(null, "away 1 ms", "away 2 ms", "full", "away 3 ms", null, null);

        assertThat(told.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "The look failed and is tried again until it works: java.lang.IllegalStateException: away 1 ms",
                        "The look failed and is tried again until it works: java.lang.IllegalStateException: full",
                        "The look failed and is tried again until it works: java.lang.IllegalStateException: away 3 ms",
                        "The look works again");
    }

    @Test
    @DisplayName("An error does not end a chore either")
    void survivesErrors() {
        var chore = new Chore("The look", () -> {
            throw new StackOverflowError();
        });

        chore.run();
        chore.run();

        assertThat(told.list).extracting(ILoggingEvent::getLevel).containsExactly(Level.ERROR);
    }

    /** One run for each: its failure, or null. */
    private static void runs(@Nullable String... failures) {
        var next = Arrays.stream(failures).iterator();
        var chore = new Chore("The look", () -> {
            var failure = next.next();
            if (failure != null) {
                throw new IllegalStateException(failure);
            }
        });
        Arrays.stream(failures).forEach(_ -> chore.run());
    }
}
