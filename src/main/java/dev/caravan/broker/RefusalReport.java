package dev.caravan.broker;

import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.context.ConfigurableApplicationContext;

/** Keeps Spring from logging a refused start with its stack trace: the caller prints the sentence. */
final class RefusalReport implements SpringBootExceptionReporter {

    /** As Spring Boot calls it. */
    @SuppressWarnings("unused")
    RefusalReport(ConfigurableApplicationContext context) {}

    @Override
    public boolean reportException(Throwable failure) {
        return Broker.refusal(failure).isPresent();
    }
}
