package dev.caravan.camel;

import dev.caravan.api.Answer;
import dev.caravan.api.ModelTest;
import dev.caravan.api.ModelTestForm;
import dev.caravan.catalog.LiveCatalog;
import dev.caravan.door.DoorRequest;
import java.time.Duration;
import java.time.Instant;
import org.apache.camel.Exchange;

/** The test whether models can be reached, for the routes. Thread-safe. */
public final class ModelTests {

    /** Where the questions find the test that they are part of. */
    static final String TEST = "caravan.model-test";

    /**
     * A test that has begun.
     *
     * @param began when, as {@link System#nanoTime}: the bound on the whole counts from then
     */
    record Begun(Instant when, long began, Duration timeout) {}

    private final LiveCatalog catalog;

    public ModelTests(LiveCatalog catalog) {
        this.catalog = catalog;
    }

    /** The message becomes the test that its caller wants, or the refusal. */
    public void begin(Exchange exchange) {
        var request = exchange.getProperty(DoorConsumer.REQUEST, DoorRequest.class);
        exchange.getMessage()
                .setBody(
                        switch (ModelTestForm.read(request.body(), catalog.current())) {
                            case ModelTestForm.Read.Right(var test) -> {
                                exchange.setProperty(TEST, new Begun(Instant.now(), System.nanoTime(), test.timeout()));
                                yield test;
                            }
                            case ModelTestForm.Read.Wrong(var error) -> new Answer.Refused(error);
                        });
    }

    /** What came of all questions. */
    public Answer report(ModelTest test) {
        return test.report();
    }
}
